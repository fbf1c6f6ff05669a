"""What `sam local` needs to run the built functions beside compose.yaml and the official Supabase stack.

Writes their environments, taken from template.yaml, and a copy of the built template that lets all of these
in: SAM sets only variables that a template names. Puts bus, queue and secrets into the container that is AWS.
"""

from __future__ import annotations

import argparse
import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
import yaml

from infra.local.template import REGION, Template, load_template

__all__ = ["built_template", "environments", "fill_aws", "read_status", "secrets", "template_for"]

ROOT = Path(__file__).parents[2]
# As the functions see them: compose.yaml's services by name, Supabase by the machine's, as its tokens do.
REDIS_URL = "redis://valkey:6379"
AWS_URL = "http://aws:5000"
SUPABASE_URL = "http://host.docker.internal:54321"
AWS_URL_HERE = "http://127.0.0.1:5566"
"""The same AWS from this machine."""
JWT_SECRET_PARAMETER = "/knight-vision/supabase-jwt-secret"  # noqa: S105  a name


def read_status(text: str) -> dict[str, str]:
    """Keys by name from what `supabase status -o env` prints. Raises KeyError for one that is missing.

    Older versions of the CLI know only the JWT keys, which do the same.
    """
    words = [word for line in text.splitlines() for word in shlex.split(line)]
    said = dict(word.split("=", 1) for word in words if "=" in word)
    return {
        "publishable": said.get("PUBLISHABLE_KEY") or said["ANON_KEY"],
        "secret": said.get("SECRET_KEY") or said["SERVICE_ROLE_KEY"],
        "jwt_secret": said["JWT_SECRET"],
    }


def template_for(keys: Mapping[str, str]) -> Template:
    """template.yaml with the addresses of the containers and everything else as deployed by default."""
    parameters = {
        "SupabaseUrl": SUPABASE_URL,
        "SupabasePublishableKey": keys["publishable"],
        "SupabaseJwtSecretParameter": JWT_SECRET_PARAMETER,
    }
    return load_template(ROOT / "template.yaml", parameters)


def secrets(template: Template, keys: Mapping[str, str]) -> dict[str, str]:
    """The SSM parameters that the functions ask for, by name."""
    values = {
        "SupabaseSecretKeyParameter": keys["secret"],
        "SupabaseJwtSecretParameter": keys["jwt_secret"],
        "RedisUrlParameter": REDIS_URL,
    }
    return {template.parameters[name]: value for name, value in values.items()}


def environments(template: Template) -> dict[str, dict[str, str]]:
    """For `sam local --env-vars`: each function's variables as the template has them, and where AWS is.

    Without the last, events would go to the account whose credentials happen to be at hand.
    """
    return {
        name: {**function.environment, "AWS_ENDPOINT_URL": AWS_URL}
        for name, function in template.functions.items()
    }


def built_template(built: Mapping[str, Any], variables: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """The built template with every variable named, so that SAM does not drop the ones it does not know."""
    resources = dict(built["Resources"])
    for name, names in variables.items():
        properties = dict(resources[name]["Properties"])
        own = properties.get("Environment", {}).get("Variables", {})
        properties["Environment"] = {"Variables": {**dict.fromkeys(names, ""), **own}}
        resources[name] = {**resources[name], "Properties": properties}
    return {**built, "Resources": resources}


def fill_aws(url: str, template: Template, parameters: Mapping[str, str]) -> None:
    """Make the buses, queues and parameters that are not there yet; parameters get their new values."""
    session = boto3.Session("local", "local", region_name=REGION)
    events, sqs, ssm = (session.client(name, endpoint_url=url) for name in ("events", "sqs", "ssm"))
    known = {bus["Name"] for bus in events.list_event_buses()["EventBuses"]}
    for bus in template.buses:
        if bus not in known:
            events.create_event_bus(Name=bus)
    for queue in template.queues:
        sqs.create_queue(QueueName=queue)
    for name, value in parameters.items():
        ssm.put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)


def main() -> None:
    """Read Supabase's keys, write both files, fill the container."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("status", type=Path, help="what `supabase status -o env` printed")
    parser.add_argument(
        "--build", type=Path, default=ROOT / ".aws-sam" / "build", help="what `make build` made"
    )
    arguments = parser.parse_args()
    keys = read_status(arguments.status.read_text())
    template = template_for(keys)
    variables = environments(template)
    built = yaml.safe_load((arguments.build / "template.yaml").read_text())
    local = yaml.safe_dump(built_template(built, variables), sort_keys=False)
    fill_aws(AWS_URL_HERE, template, secrets(template, keys))
    (arguments.build / "local.yaml").write_text(local)
    (arguments.build / "local-env.json").write_text(json.dumps(variables, indent=2) + "\n")


if __name__ == "__main__":
    main()
