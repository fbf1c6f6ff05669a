"""Signing in to ElastiCache Serverless with IAM: a short-lived token in place of a password.

The token is a presigned request to connect (AWS Signature Version 4) that is never sent by itself. It is good
for a new connection during 15 minutes; AWS cuts a connection after 12 hours, and the client makes another.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

import boto3
from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError
from redis import AuthenticationError, CredentialProvider

from knight_vision.errors import ConfigurationError

__all__ = ["ElastiCacheCredentials", "elasticache_credentials"]

VALID_S = 900
"""The longest that ElastiCache takes."""
KEPT_S = 300
"""A token is used for this long, and so is never near its end."""


class ElastiCacheCredentials(CredentialProvider):
    """User name and token for each new connection, signed with the credentials that this process has."""

    def __init__(self, *, user: str, cache_name: str, clock: Callable[[], float] = time.time) -> None:
        """`clock` tells seconds since 1970. Raises ConfigurationError when no region is set."""
        self.user = user
        self.cache_name = cache_name.lower()  # as ElastiCache stores it
        self.clock = clock
        self.session = boto3.Session()
        if not self.session.region_name:
            raise ConfigurationError("AWS_DEFAULT_REGION is missing: the region of the cache")
        self.token = ""
        self.signed_at_s = float("-inf")

    def get_credentials(self) -> tuple[str, str]:
        """The user and a token that is at most five minutes old. Raises AuthenticationError."""
        now_s = self.clock()
        if not self.signed_at_s <= now_s < self.signed_at_s + KEPT_S:
            self.token, self.signed_at_s = self._sign(), now_s
        return self.user, self.token

    def _sign(self) -> str:
        try:
            credentials = self.session.get_credentials()
            if credentials is None:
                raise AuthenticationError("there are no AWS credentials to sign in to Redis with")
            query = urlencode({"Action": "connect", "User": self.user, "ResourceType": "ServerlessCache"})
            request = AWSRequest("GET", f"http://{self.cache_name}/?{query}")
            frozen = credentials.get_frozen_credentials()
            SigV4QueryAuth(frozen, "elasticache", self.session.region_name, VALID_S).add_auth(request)
        except BotoCoreError as error:
            raise AuthenticationError(f"no token to sign in to Redis with: {error}") from error
        return str(request.url.removeprefix("http://"))


def elasticache_credentials(redis_url: str, *, user: str, cache_name: str) -> ElastiCacheCredentials:
    """The credentials for a cache that is signed in to with IAM.

    Raises ConfigurationError naming everything that does not fit together.
    """
    url = urlsplit(redis_url)
    problems = []
    if not cache_name:
        problems.append("REDIS_USER needs REDIS_CACHE_NAME; the user of a password is part of REDIS_URL")
    if not user:
        problems.append("REDIS_CACHE_NAME needs REDIS_USER, the ElastiCache user that signs in with IAM")
    if url.scheme != "rediss":
        problems.append(
            "REDIS_URL must begin with rediss:// when REDIS_CACHE_NAME is set: IAM works over TLS only"
        )
    if url.username or url.password:
        problems.append("REDIS_URL must not have a user or password when REDIS_CACHE_NAME is set")
    if problems:
        raise ConfigurationError("Redis cannot be signed in to with IAM: " + "; ".join(problems))
    return ElastiCacheCredentials(user=user, cache_name=cache_name)
