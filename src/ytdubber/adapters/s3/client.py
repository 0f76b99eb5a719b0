"""boto3's client, bounded in time, and its errors in our words."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ytdubber.domain.errors import PartMissing, StorageNotWorking

_ATTEMPTS = 5
_CONNECT_S = 5
_SILENT_S = 60
_CONNECTIONS = 32
_REGION = "us-east-1"
"""What servers other than Amazon's are told where they have no regions."""
_MISSING = ("404", "NoSuchKey", "NotFound")
_DENIED = ("403", "AccessDenied")
_NO_BUCKET = "NoSuchBucket"
_BUSY = ("429", "SlowDown", "InternalError", "ServiceUnavailable")
_UNKNOWN = ("401", "InvalidAccessKeyId", "SignatureDoesNotMatch")
RIGHTS = {
    "PutObject": "s3:PutObject",
    "CreateMultipartUpload": "s3:PutObject",
    "UploadPart": "s3:PutObject",
    "CompleteMultipartUpload": "s3:PutObject",
    "AbortMultipartUpload": "s3:AbortMultipartUpload",
    "GetObject": "s3:GetObject",
    "HeadObject": "s3:GetObject",
    "DeleteObject": "s3:DeleteObject",
    "DeleteObjects": "s3:DeleteObject",
    "ListObjectsV2": "s3:ListBucket",
    "ListMultipartUploads": "s3:ListBucketMultipartUploads",
}
"""Which right each operation of ours needs (Amazon's "Required permissions for Amazon S3 API
operations"); `deploy/s3-policy.json` gives them."""
_ALSO_LISTS = ("GetObject", "HeadObject")
"""Of a missing file they say that it is missing to whoever may list, and to nobody else."""


@dataclass(frozen=True, slots=True)
class Account:
    """Whose storage it is.

    Attributes:
        endpoint: Another address than Amazon's, or None.
        region: Its region, or None.
        access_key: A key pair's public half; None for what boto3 finds by itself.
        secret_key: Its secret half.
    """

    endpoint: str | None = None
    region: str | None = None
    access_key: str | None = None
    secret_key: str | None = None


def s3_client(account: Account) -> Any:
    """A client, safe to use from several threads.

    Checksums of Amazon's own are sent only where they are required: other servers refuse them.

    Raises:
        PartMissing: boto3 is not installed.
        StorageNotWorking: the account cannot be used.
    """
    try:
        import boto3
        from botocore.config import Config
    except ModuleNotFoundError as error:
        raise PartMissing(
            part=f"The package {error.name}",
            purpose="files in S3 (YTDUBBER_S3_BUCKET)",
            command="pip install 'ytdubber[s3]'",
        ) from error
    config = Config(
        signature_version="s3v4",
        connect_timeout=_CONNECT_S,
        read_timeout=_SILENT_S,
        max_pool_connections=_CONNECTIONS,
        retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": "path" if account.endpoint else "virtual"},
    )
    with s3_errors():
        return boto3.session.Session().client(
            "s3",
            endpoint_url=account.endpoint,
            region_name=account.region or (_REGION if account.endpoint else None),
            aws_access_key_id=account.access_key,
            aws_secret_access_key=account.secret_key,
            config=config,
        )


@contextmanager
def s3_errors() -> Iterator[None]:
    """Tell boto3's errors, and the system's, as `StorageNotWorking`."""
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
    from botocore.exceptions import ConnectionError as NotConnected
    from botocore.exceptions import NoCredentialsError as NoCredentials

    try:
        yield
    except ClientError as error:
        raise _refused(error) from error
    except NoCredentials as error:
        reason = "there are no credentials for S3; set YTDUBBER_S3_ACCESS_KEY"
        raise StorageNotWorking(reason, away=True) from error
    except (NotConnected, HTTPClientError) as error:
        reason = f"S3 does not answer ({type(error).__name__})"
        raise StorageNotWorking(reason, away=True) from error
    except (BotoCoreError, Boto3Error) as error:
        cause = error.__context__
        if isinstance(cause, ClientError):
            raise _refused(cause) from error
        raise StorageNotWorking(type(error).__name__) from error
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise StorageNotWorking(reason=reason) from error


def code(error: Any) -> str:
    """What S3 calls an error; the HTTP status where it says nothing, as to HEAD."""
    return str(error.response.get("Error", {}).get("Code", ""))


def is_missing(error: Any) -> bool:
    """Whether nothing lies under the key."""
    return code(error) in _MISSING


def is_denied(error: Any) -> bool:
    """Whether the credentials are known, but may not do this."""
    return code(error) in _DENIED


def missing_right(operation: str) -> str:
    """What to say of an operation that the credentials may not do."""
    right = RIGHTS.get(operation, operation)
    rights = f"{right}, or s3:ListBucket" if operation in _ALSO_LISTS else right
    return f"S3 does not allow {rights}; the key needs every right in deploy/s3-policy.json"


def _refused(error: Any) -> StorageNotWorking:
    """A refusal in our words, and whether it is of everything."""
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    shut = is_denied(error) or code(error) in (*_UNKNOWN, *_BUSY, _NO_BUCKET) or status >= 500
    return StorageNotWorking(_reason(error), away=shut)


def _reason(error: Any) -> str:
    name = code(error)
    if name == _NO_BUCKET:
        return "there is no such bucket in S3; make it, or correct YTDUBBER_S3_BUCKET"
    if is_denied(error):
        return missing_right(error.operation_name)
    if name in _UNKNOWN:
        return f"S3 does not take the credentials in YTDUBBER_S3_ACCESS_KEY ({name})"
    return f"S3 refused a request ({name or 'without a reason'})"
