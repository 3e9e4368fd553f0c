//! The Lambda Runtime API, faked on the loopback: hands events to a binary and takes its answers.

use std::io::{BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};

use crate::http::{Answer, Request, read_message};

/// The fake API; events go in, answers come out.
pub struct RuntimeApi {
    pub port: u16,
    events: Sender<String>,
    answers: Receiver<(bool, String)>,
}

impl RuntimeApi {
    /// Listens on a free port.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (events, waiting) = channel();
        let (answered, answers) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (waiting, answered) = (waiting.clone(), answered.clone());
                std::thread::spawn(move || serve(stream, &waiting, &answered));
            }
        });
        Self { port, events, answers }
    }

    /// Invokes the function; gives what it answered.
    pub fn invoke(&self, event: &Value) -> Result<Value, String> {
        self.events.send(event.to_string()).unwrap();
        let (ok, body) =
            self.answers.recv_timeout(Duration::from_secs(30)).expect("the function answers within 30 s");
        if ok { Ok(serde_json::from_str(&body).unwrap_or(Value::Null)) } else { Err(body) }
    }

    /// Invokes the function with an HTTP API event.
    pub fn http(&self, request: &Request) -> Answer {
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let headers: serde_json::Map<String, Value> =
            request.headers.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        let mut event = json!({
            "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": query,
            "headers": headers, "isBase64Encoded": false,
            "requestContext": {
                "accountId": "123456789012", "apiId": "api", "domainName": "localhost", "domainPrefix": "localhost",
                "http": {"method": request.method, "path": path, "protocol": "HTTP/1.1",
                         "sourceIp": "127.0.0.1", "userAgent": "test"},
                "requestId": "request", "routeKey": "$default", "stage": "$default",
                "time": "15/Jun/2026:09:00:00 +0000", "timeEpoch": 1_781_514_000_000_u64
            }
        });
        if !request.body.is_empty() {
            event["body"] = json!(request.body);
        }
        let answer = self.invoke(&event).expect("an HTTP function answers every request");
        let mut headers: Vec<(String, String)> = Vec::new();
        for (name, value) in answer["headers"].as_object().into_iter().flatten() {
            headers.push((name.clone(), value.as_str().unwrap_or_default().to_owned()));
        }
        for (name, values) in answer["multiValueHeaders"].as_object().into_iter().flatten() {
            for value in values.as_array().into_iter().flatten().filter_map(Value::as_str) {
                if !headers.iter().any(|(other, known)| other == name && known == value) {
                    headers.push((name.clone(), value.to_owned()));
                }
            }
        }
        for cookie in answer["cookies"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            headers.push(("set-cookie".into(), cookie.to_owned()));
        }
        assert_ne!(answer["isBase64Encoded"], json!(true), "text is not encoded");
        let body = answer["body"].as_str().unwrap_or_default().to_owned();
        Answer::new(answer["statusCode"].as_u64().unwrap() as u16, headers, body)
    }
}

fn serve(stream: TcpStream, waiting: &Mutex<Receiver<String>>, answered: &Sender<(bool, String)>) {
    stream.set_nodelay(true).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    while let Some((first, _, body)) = read_message(&mut reader) {
        let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
        let answer = if path.ends_with("/invocation/next") {
            // Blocks until the test has an event; ends with the test.
            let Ok(event) = waiting.lock().unwrap().recv() else { return };
            format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
                 lambda-runtime-aws-request-id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n\
                 lambda-runtime-deadline-ms: 9999999999999\r\n\
                 lambda-runtime-invoked-function-arn: arn:aws:lambda:local:123456789012:function:f\r\n\
                 lambda-runtime-trace-id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0\r\n\r\n{event}",
                event.len()
            )
        } else {
            let _ = answered.send((path.ends_with("/response"), body));
            "HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n".to_owned()
        };
        if stream.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}
