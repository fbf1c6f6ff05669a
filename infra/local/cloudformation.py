"""CloudFormation's language as far as template.yaml speaks it: parameters, conditions, functions.

Physical names are the logical ones unless the template gives one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

__all__ = [
    "ACCOUNT_ID",
    "REGION",
    "CloudFormationLoader",
    "Resolver",
    "TemplateError",
    "is_function",
    "parameter_values",
    "physical_name",
    "text_of",
]

REGION = "us-east-1"
ACCOUNT_ID = "123456789012"  # moto's
NO_VALUE = object()
"""What `AWS::NoValue` resolves to; whatever holds it is dropped."""
PSEUDO_PARAMETERS: Mapping[str, object] = {
    "AWS::AccountId": ACCOUNT_ID,
    "AWS::NoValue": NO_VALUE,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::StackName": "knight-vision",
    "AWS::URLSuffix": "amazonaws.com",
}


class TemplateError(Exception):
    """The template, or a parameter given for it, is not usable; the message names the place."""


def parameter_values(declared: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    """Every parameter's value, lists as lists. Raises TemplateError for unknown, missing and refused ones."""
    unknown = sorted(given.keys() - declared.keys())
    if unknown:
        raise TemplateError(f"the template has no parameter {', '.join(unknown)}")
    values: dict[str, Any] = {}
    for name, declaration in declared.items():
        value = given.get(name, declaration.get("Default"))
        if value is None:
            raise TemplateError(f"the parameter {name} has no default and must be given")
        check_parameter(name, text_of(value), declaration)
        is_list = declaration["Type"] == "CommaDelimitedList" or declaration["Type"].startswith("List<")
        values[name] = [part.strip() for part in str(value).split(",") if part] if is_list else text_of(value)
    return values


def check_parameter(name: str, value: str, declaration: Mapping[str, Any]) -> None:
    allowed = [text_of(one) for one in declaration.get("AllowedValues", [])]
    if allowed and value not in allowed:
        raise TemplateError(f"the parameter {name} must be one of {', '.join(allowed)}, not {value!r}")
    pattern = declaration.get("AllowedPattern")
    if pattern and not re.fullmatch(pattern, value):
        raise TemplateError(f"the parameter {name} must match {pattern}, not {value!r}")
    if declaration["Type"] != "Number":
        return
    try:
        number = float(value)
    except ValueError:
        raise TemplateError(f"the parameter {name} must be a number, not {value!r}") from None
    low, high = declaration.get("MinValue", number), declaration.get("MaxValue", number)
    if not low <= number <= high:
        raise TemplateError(f"the parameter {name} must be between {low} and {high}, not {value}")


class Resolver:
    """Replaces intrinsic functions by what they stand for."""

    def __init__(self, template: Mapping[str, Any], parameters: Mapping[str, Any]) -> None:
        self.resources: Mapping[str, Any] = template["Resources"]
        self.conditions: Mapping[str, Any] = template.get("Conditions", {})
        self.mappings: Mapping[str, Any] = template.get("Mappings", {})
        self.parameters = parameters

    def resolve(self, node: Any) -> Any:
        """The node without intrinsic functions. Raises TemplateError."""
        if isinstance(node, list):
            return [value for value in map(self.resolve, node) if value is not NO_VALUE]
        if not isinstance(node, dict):
            return node
        if is_function(node):
            name, argument = next(iter(node.items()))
            return self.call(name, argument)
        resolved = {key: self.resolve(value) for key, value in node.items()}
        return {key: value for key, value in resolved.items() if value is not NO_VALUE}

    def call(self, name: str, argument: Any) -> Any:
        """What one intrinsic function stands for."""
        match name:
            case "Ref":
                return self.ref(argument)
            case "Fn::GetAtt":
                return self.attribute(*(argument.split(".", 1) if isinstance(argument, str) else argument))
            case "Fn::Sub":
                return self.substitute(argument)
            case "Fn::If":
                condition, yes, no = argument
                return self.resolve(yes if self.holds(condition) else no)
            case "Fn::Join":
                separator, parts = argument
                return separator.join(text_of(part) for part in self.resolve(parts))
            case "Fn::Split":
                separator, text = argument
                return text_of(self.resolve(text)).split(separator)
            case "Fn::Select":
                index, parts = argument
                return self.resolve(parts)[int(index)]
            case "Fn::FindInMap":
                table, row, column = (self.resolve(part) for part in argument)
                return self.mappings[table][row][column]
        raise TemplateError(f"the local stack does not know {name}")

    def ref(self, name: str) -> Any:
        """The value of a parameter, or the name of a resource."""
        if name in self.parameters:
            return self.parameters[name]
        if name in PSEUDO_PARAMETERS:
            return PSEUDO_PARAMETERS[name]
        if name not in self.resources:
            raise TemplateError(f"the template refers to {name}, which it does not have")
        given = self.resources[name].get("Properties", {})
        return physical_name(name, {key: self.resolve(given[key]) for key in NAME_PROPERTIES if key in given})

    def attribute(self, name: str, attribute: str) -> str:
        """What GetAtt gives."""
        # Only queues' ARNs meet the outside; of everything else a recognisable text is enough.
        if attribute == "Arn" and self.resources.get(name, {}).get("Type") == "AWS::SQS::Queue":
            return f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:{self.ref(name)}"
        return f"{self.ref(name)}.{attribute}"

    def substitute(self, argument: Any) -> str:
        """What Sub gives."""
        text, own = argument if isinstance(argument, list) else (argument, {})

        def value(found: re.Match[str]) -> str:
            name = found[1]
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            if name in own:
                return text_of(self.resolve(own[name]))
            return text_of(self.attribute(*name.split(".", 1)) if "." in name else self.ref(name))

        return re.sub(r"\$\{([^}]+)\}", value, text)

    def holds(self, condition: Any) -> bool:
        """Whether a condition, by name or written out, is true; none at all is."""
        if condition is None:
            return True
        if isinstance(condition, str):
            return self.holds(self.conditions[condition])
        name, argument = next(iter(condition.items()))
        match name:
            case "Condition":
                return self.holds(argument)
            case "Fn::Equals":
                left, right = (text_of(self.resolve(side)) for side in argument)
                return left == right
            case "Fn::Not":
                return not self.holds(argument[0])
            case "Fn::And":
                return all(self.holds(part) for part in argument)
            case "Fn::Or":
                return any(self.holds(part) for part in argument)
        raise TemplateError(f"the local stack does not know the condition {name}")


class CloudFormationLoader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags: `!Sub x` reads as `{"Fn::Sub": "x"}`."""


def construct_tag(loader: CloudFormationLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)  # noqa: S101  the only third kind
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


CloudFormationLoader.add_multi_constructor("!", construct_tag)


NAME_PROPERTIES = ("Name", "QueueName", "FunctionName", "LogGroupName")


def physical_name(logical_id: str, properties: Mapping[str, Any]) -> str:
    """The name of a resource: its own, else its logical id."""
    return str(next((properties[key] for key in NAME_PROPERTIES if key in properties), logical_id))


def is_function(value: Mapping[str, Any]) -> bool:
    """Whether a mapping is an intrinsic function, not properties."""
    return len(value) == 1 and (next(iter(value)) == "Ref" or next(iter(value)).startswith("Fn::"))


def text_of(value: object) -> str:
    """A value as Lambda shows it in the environment."""
    return str(value).lower() if isinstance(value, bool) else str(value)
