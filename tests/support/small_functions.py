"""A small template with functions that behave badly on purpose, for testing the local stack itself."""

from __future__ import annotations

from pathlib import Path

from infra.local.template import Template, load_template

__all__ = ["small_template"]

HANDLERS = '''
import os, subprocess, time

started = []

def work(event, context):
    if "start" in event:  # a process of its own that would outlive the function
        started.append(subprocess.Popen(["sleep", "1000"], start_new_session=True))
    if "touch" in event:
        open(event["touch"], "w").close()
    if "exit" in event:
        os._exit(event["exit"])
    if "raise" in event:
        raise ValueError(event["raise"])
    if "answer_bytes" in event:
        return "x" * event["answer_bytes"]
    while "until" in event and not os.path.exists(event["until"]):
        time.sleep(0.005)
    return {"pid": os.getpid(), "event": event, "function": context.function_name,
            "remaining_ms": context.get_remaining_time_in_millis(), "colour": os.environ["COLOUR"]}

def echo(event, context):
    """Answers with the event itself; ?fail and ?hang do what they say."""
    query = event["rawQueryString"]
    if query == "fail":
        raise ValueError("no")
    if query == "hang":
        time.sleep(20)
    if query == "nonsense":
        return {"statusCode": "many"}
    return {"statusCode": 201, "headers": {"x-own": "1", "content-type": "application/json"},
            "cookies": ["a=1", "b=2"], "body": __import__("json").dumps(event)}
'''

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Parameters:
  Colour: { Type: String, Default: blue, AllowedValues: [blue, green] }
Globals:
  Function:
    CodeUri: functions/
    Environment: { Variables: { COLOUR: !Sub "dark ${Colour}" } }
Resources:
  WorkFunction:
    Type: AWS::Serverless::Function
    Properties:
      Handler: handlers.work
      Timeout: 2
      EventInvokeConfig:
        MaximumRetryAttempts: 0
        DestinationConfig: { OnFailure: { Type: SQS, Destination: !GetAtt FailedQueue.Arn } }
      Events:
        Wake:
          Type: EventBridgeRule
          Properties: { EventBusName: !Ref Bus, Pattern: { source: [test], detail: { colour: [red] } } }
  EchoFunction:
    Type: AWS::Serverless::Function
    Properties:
      Handler: handlers.echo
      Timeout: 25
      Events:
        Any: { Type: HttpApi }
  Bus:
    Type: AWS::Events::EventBus
    Properties: { Name: small }
  FailedQueue: { Type: AWS::SQS::Queue }
"""


def small_template(folder: Path) -> Template:
    """WorkFunction, which does what its event says, and EchoFunction behind HTTP; files go to `folder`."""
    (folder / "functions").mkdir()
    (folder / "functions" / "handlers.py").write_text(HANDLERS)
    (folder / "template.yaml").write_text(TEMPLATE)
    return load_template(folder / "template.yaml", {})
