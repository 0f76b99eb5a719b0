"""How the storage refuses: nearly always with HTTP 400, the real code in the body."""

from dataclasses import dataclass

from starlette.responses import JSONResponse

_REAL = (429, 500, 503)


@dataclass(eq=False)
class Refusal(Exception):
    """A refusal: its real status, what the server calls it twice, and its words."""

    status: int
    error: str
    code: str
    message: str

    def answer(self) -> JSONResponse:
        """The same on the wire."""
        body = {
            "statusCode": str(self.status),
            "error": self.error,
            "message": self.message,
            "code": self.code,
        }
        return JSONResponse(body, self.status if self.status in _REAL else 400)


def bad_jwt(message: str) -> Refusal:
    return Refusal(400, "InvalidJWT", "InvalidJWT", message)


def bad_signature(message: str = "The url do not match the signature") -> Refusal:
    return Refusal(400, "InvalidSignature", "InvalidSignature", message)


def bad_key(name: str) -> Refusal:
    return Refusal(400, "InvalidKey", "InvalidKey", f"Invalid key: {name}")


def bad_request(message: str) -> Refusal:
    return Refusal(400, "Error", "InvalidRequest", message)


def denied() -> Refusal:
    words = "new row violates row-level security policy"
    return Refusal(403, "Unauthorized", "AccessDenied", words)


def no_such_key() -> Refusal:
    return Refusal(404, "not_found", "NoSuchKey", "Object not found")


def no_such_bucket() -> Refusal:
    return Refusal(404, "Bucket not found", "NoSuchBucket", "Bucket not found")


def exists() -> Refusal:
    return Refusal(409, "Duplicate", "KeyAlreadyExists", "The resource already exists")


def too_large() -> Refusal:
    words = "The object exceeded the maximum allowed size"
    return Refusal(413, "Payload too large", "EntityTooLarge", words)


def wrong_type(media_type: str) -> Refusal:
    words = f"mime type {media_type} is not supported"
    return Refusal(415, "invalid_mime_type", "InvalidMimeType", words)


def instead(status: int) -> Refusal:
    """What is said in place of an answer when something is made to go wrong."""
    if status == 429:
        return Refusal(429, "SlowDown", "SlowDown", "Please reduce your request rate")
    return Refusal(status, "Internal", "InternalError", "Internal Server Error")
