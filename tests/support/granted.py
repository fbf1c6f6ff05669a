"""What the roles in template.yaml grant, and to which functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from infra.local.cloudformation import CloudFormationLoader, Resolver, parameter_values

__all__ = ["granted"]

TEMPLATE = Path(__file__).parents[2] / "template.yaml"


def granted(parameters: Mapping[str, str]) -> dict[tuple[str, ...], set[tuple[str, str]]]:
    """By the functions that share a role: pairs of an action and a resource that it is granted for."""
    raw: dict[str, Any] = yaml.load(TEMPLATE.read_text(), CloudFormationLoader)  # a SafeLoader
    resolver = Resolver(raw, parameter_values(raw["Parameters"], parameters))
    sharers: dict[str, list[str]] = {}
    for name, entry in raw["Resources"].items():
        if entry["Type"] == "AWS::Serverless::Function":
            role = entry["Properties"]["Role"]["Fn::GetAtt"].split(".")[0]
            sharers.setdefault(role, []).append(name)
    return {tuple(names): set(rights_of_role(resolver, role)) for role, names in sharers.items()}


def rights_of_role(resolver: Resolver, role: str) -> Iterator[tuple[str, str]]:
    properties = resolver.resolve(resolver.resources[role]["Properties"])
    documents = [one["PolicyDocument"] for one in properties.get("Policies", [])]
    documents += [
        resolver.resolve(resolver.resources[name]["Properties"]["PolicyDocument"])
        for name in properties.get("ManagedPolicyArns", [])
    ]
    for document in documents:
        for statement in document["Statement"]:
            for action in as_list(statement["Action"]):
                for resource in as_list(statement["Resource"]):
                    yield action, resource


def as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
