"""Checks the deployment files below a directory with the tools of their platforms.

Prints one line per problem and, last, a JSON object that counts the files of each kind.
"""

import json
import os
import pathlib
import subprocess
import sys

import jsonschema
import yaml

os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")

from samtranslator.translator.transform import transform  # noqa: E402
from samtranslator.yaml_helper import yaml_parse  # noqa: E402

HERE = pathlib.Path(__file__).parent
# One schema per kind of document; what a schema doesn't name is a mistake of the template.
SCHEMAS = {path.stem: json.loads(path.read_text()) for path in sorted((HERE / "schemas").glob("*.json"))}
KINDS = {
    ("serving.knative.dev/v1", "Service"): "knative_service",
    ("eventing.knative.dev/v1", "Trigger"): "knative_trigger",
    ("batch/v1", "CronJob"): "cron_job",
}


class Policies:
    """Managed policies are looked up in an account, which there is none of."""

    def load(self):
        return {}


def against(schema, document):
    validator = jsonschema.Draft202012Validator(SCHEMAS[schema])
    return [f"{'/'.join(map(str, error.path))}: {error.message}" for error in validator.iter_errors(document)]


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return [] if done.returncode == 0 else (done.stdout + done.stderr).strip().splitlines()


def sam(path, scratch):
    """Translates the template; what comes out is linted with all others at the end, as is what went in."""
    document = yaml_parse(path.read_text())
    for resource in document["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            # `sam build` puts the place of the binary here.
            resource["Properties"]["CodeUri"] = "s3://bucket/key"
    try:
        translated = transform(document, {}, Policies())
    except Exception as error:  # noqa: BLE001
        return [str(cause) for cause in getattr(error, "causes", [error])]
    out = scratch / f"{path.parent.parent.name}-{path.parent.name}.json"
    out.write_text(json.dumps(translated))
    TEMPLATES.extend([str(path), str(out)])
    return []


def kubernetes(path):
    problems = []
    for document in yaml.safe_load_all(path.read_text()):
        kind = KINDS.get((document.get("apiVersion"), document.get("kind")))
        problems += against(kind, document) if kind else [f"no schema for {document.get('kind')}"]
    return problems


# Linting is slow to start and quick to go on. Each of the two forms shows what the other hides.
TEMPLATES = []
BIN = pathlib.Path(sys.executable).parent
ROOT, SCRATCH = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
CHECKS = {
    "template.yaml": lambda path: sam(path, SCRATCH),
    "Dockerfile": lambda path: run(str(BIN / "hadolint"), "--no-color", "--failure-threshold", "info", str(path)),
    "service.yaml": kubernetes,
    "host.json": lambda path: against("azure_host", json.loads(path.read_text())),
    "function.json": lambda path: against("azure_function", json.loads(path.read_text())),
}
counts = dict.fromkeys(CHECKS, 0)
for path in sorted(ROOT.rglob("*")):
    if path.name in CHECKS and path.is_file():
        counts[path.name] += 1
        for problem in CHECKS[path.name](path):
            print(f"{path.relative_to(ROOT)}: {problem}")
for problem in run(str(BIN / "cfn-lint"), *TEMPLATES):
    print(problem)
print(json.dumps(counts))
