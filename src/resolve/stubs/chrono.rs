// chrono.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct DateTime<Tz> {}
impl<Tz> DateTime<Tz> {
    pub fn timestamp(&self) -> i64 {}
    pub fn timestamp_millis(&self) -> i64 {}
    pub fn naive_utc(&self) -> NaiveDateTime {}
    pub fn naive_local(&self) -> NaiveDateTime {}
    pub fn date_naive(&self) -> NaiveDate {}
    pub fn time(&self) -> NaiveTime {}
    pub fn to_rfc3339(&self) -> String {}
    pub fn to_rfc2822(&self) -> String {}
    pub fn format(&self, fmt: &str) -> format::DelayedFormat {}
    pub fn with_timezone<Tz2>(&self, tz: &Tz2) -> DateTime<Tz2> {}
    pub fn signed_duration_since<Tz2>(self, rhs: DateTime<Tz2>) -> Duration {}
    pub fn checked_add_signed(self, rhs: Duration) -> Option<DateTime<Tz>> {}
    pub fn checked_sub_signed(self, rhs: Duration) -> Option<DateTime<Tz>> {}
    pub fn from_timestamp(secs: i64, nsecs: u32) -> Option<DateTime<Utc>> {}
    pub fn parse_from_rfc3339(s: &str) -> ParseResult<DateTime<FixedOffset>> {}
    pub fn from_naive_utc_and_offset(datetime: NaiveDateTime, offset: Tz) -> DateTime<Tz> {}
}
impl<Tz> std::ops::Add<Duration> for DateTime<Tz> {
    type Output = DateTime<Tz>;
}
impl<Tz> std::ops::Sub<Duration> for DateTime<Tz> {
    type Output = DateTime<Tz>;
}
impl<Tz> std::ops::Sub<DateTime<Tz>> for DateTime<Tz> {
    type Output = Duration;
}
impl<Tz> std::fmt::Display for DateTime<Tz> {}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Utc;
impl Utc {
    pub fn now() -> DateTime<Utc> {}
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Local;
impl Local {
    pub fn now() -> DateTime<Local> {}
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FixedOffset {}
pub trait TimeZone {
    fn timestamp_opt(&self, secs: i64, nsecs: u32) -> LocalResult<DateTime<Self>> {}
    fn from_utc_datetime(&self, utc: &NaiveDateTime) -> DateTime<Self> {}
    fn from_local_datetime(&self, local: &NaiveDateTime) -> LocalResult<DateTime<Self>> {}
    fn with_ymd_and_hms(&self, year: i32, month: u32, day: u32, hour: u32, min: u32, sec: u32) -> LocalResult<DateTime<Self>> {}
}
impl TimeZone for Utc {}
impl TimeZone for Local {}
pub struct LocalResult<T> {}
impl<T> LocalResult<T> {
    pub fn single(self) -> Option<T> {}
    pub fn unwrap(self) -> T {}
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct NaiveDateTime {}
impl NaiveDateTime {
    pub fn new(date: NaiveDate, time: NaiveTime) -> NaiveDateTime {}
    pub fn date(&self) -> NaiveDate {}
    pub fn time(&self) -> NaiveTime {}
    pub fn and_utc(&self) -> DateTime<Utc> {}
    pub fn format(&self, fmt: &str) -> format::DelayedFormat {}
    pub fn parse_from_str(s: &str, fmt: &str) -> ParseResult<NaiveDateTime> {}
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct NaiveDate {}
impl NaiveDate {
    pub fn from_ymd_opt(year: i32, month: u32, day: u32) -> Option<NaiveDate> {}
    pub fn and_hms_opt(&self, hour: u32, min: u32, sec: u32) -> Option<NaiveDateTime> {}
    pub fn and_time(&self, time: NaiveTime) -> NaiveDateTime {}
    pub fn parse_from_str(s: &str, fmt: &str) -> ParseResult<NaiveDate> {}
    pub fn format(&self, fmt: &str) -> format::DelayedFormat {}
    pub fn signed_duration_since(self, rhs: NaiveDate) -> Duration {}
    pub fn succ_opt(&self) -> Option<NaiveDate> {}
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct NaiveTime {}
pub trait Datelike {
    fn year(&self) -> i32;
    fn month(&self) -> u32;
    fn day(&self) -> u32;
}
pub trait Timelike {
    fn hour(&self) -> u32;
    fn minute(&self) -> u32;
    fn second(&self) -> u32;
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Duration {}
impl Duration {
    pub fn weeks(weeks: i64) -> Duration {}
    pub fn days(days: i64) -> Duration {}
    pub fn hours(hours: i64) -> Duration {}
    pub fn minutes(minutes: i64) -> Duration {}
    pub fn seconds(seconds: i64) -> Duration {}
    pub fn milliseconds(milliseconds: i64) -> Duration {}
    pub fn num_days(&self) -> i64 {}
    pub fn num_hours(&self) -> i64 {}
    pub fn num_minutes(&self) -> i64 {}
    pub fn num_seconds(&self) -> i64 {}
    pub fn num_milliseconds(&self) -> i64 {}
    pub fn zero() -> Duration {}
    pub fn to_std(&self) -> Result<std::time::Duration, OutOfRangeError> {}
    pub fn from_std(duration: std::time::Duration) -> Result<Duration, OutOfRangeError> {}
}
pub type TimeDelta = Duration;
#[derive(Debug)]
pub struct OutOfRangeError {}
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {}
pub type ParseResult<T> = Result<T, ParseError>;
pub mod format {
    pub struct DelayedFormat {}
}
pub mod prelude {
    pub use crate::{DateTime, Datelike, FixedOffset, Local, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Timelike, Utc};
}
pub mod naive {
    pub use crate::{NaiveDate, NaiveDateTime, NaiveTime};
}
