"""How a queued mail leaves the house: SMTP, or in development not at all."""

from smtplib import SMTP, SMTP_SSL, SMTPException, SMTPResponseException
from types import TracebackType
from typing import Any, Protocol, Self, cast
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from fans.mail.models import QueuedMail

SMTP_TIMEOUT_SECONDS = 10


class MaybeTaken(SMTPException):
    """The line broke while the server had the words: it may have taken them, or not."""


class _Minding(SMTP):
    """Tells a refusal, after which nothing was taken, from silence, after which nobody knows."""

    def data(self, msg: Any) -> tuple[int, bytes]:
        try:
            return super().data(msg)
        except SMTPResponseException:
            raise
        except OSError as error:
            raise MaybeTaken(f"{type(error).__name__}: {error}") from error


class _MindingOverTls(_Minding, SMTP_SSL):
    pass


class _Backend(EmailBackend):
    @property
    def connection_class(self) -> type[SMTP]:
        return _MindingOverTls if self.use_ssl else _Minding


class Transport(Protocol):
    keeps_message: bool  # whether the words stay readable here after sending

    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
    def deliver(self, mail: QueuedMail) -> None:
        """Raises MaybeTaken, or another error after which the server certainly has nothing."""


class OnScreen:
    """Development without EMAIL_URL: nothing is sent, all can be read at /dev/mail/."""

    keeps_message = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def deliver(self, mail: QueuedMail) -> None:
        pass


class Smtp:
    """One connection for a batch, opened with the first mail and again after a failure."""

    keeps_message = False

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        tls = parse_qs(parts.query).get("tls", ["on"])[0]
        if parts.scheme != "smtp" or not parts.hostname or tls not in {"on", "ssl", "off"}:
            raise ImproperlyConfigured(
                "EMAIL_URL must look like smtp://USER:PASSWORD@HOST:587?tls=on (on, ssl or off)."
            )
        self._backend = _Backend(
            host=parts.hostname,
            port=parts.port or (465 if tls == "ssl" else 587 if tls == "on" else 25),
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            use_tls=tls == "on",
            use_ssl=tls == "ssl",
            timeout=SMTP_TIMEOUT_SECONDS,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._backend.close()

    def deliver(self, mail: QueuedMail) -> None:
        try:
            self._backend.open()
            connection = cast(SMTP, self._backend.connection)
            connection.sendmail(
                sanitize_address(settings.DEFAULT_FROM_EMAIL, "utf-8"),
                [sanitize_address(mail.to, "utf-8")],
                bytes(mail.message),
            )
        except Exception:
            self._backend.close()
            self._backend.connection = None
            raise


def transport() -> Transport:
    """The transport that EMAIL_URL names. Raises ImproperlyConfigured."""
    if settings.EMAIL_URL:
        return Smtp(settings.EMAIL_URL)
    if settings.IN_DEVELOPMENT:
        return OnScreen()
    raise ImproperlyConfigured("EMAIL_URL is not set: mail cannot leave.")
