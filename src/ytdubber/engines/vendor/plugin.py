"""What a vendor declares of itself, in the `plugin.py` of its folder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, Generic, Literal, Protocol, TypeVar, runtime_checkable

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, SecretStr

from ytdubber.domain.vendors import provider_of
from ytdubber.engines.direct import Port
from ytdubber.engines.middleware.metered import Units
from ytdubber.engines.middleware.retry import RetryPolicy
from ytdubber.ports.speech_synthesizer import SpeechSynthesizer
from ytdubber.ports.speech_to_text import SpeechToText
from ytdubber.ports.translator import Translator

Use = Literal["listen", "translate", "speak", "premium_speak"]
"""What engines are asked for, each by an order of its own."""


class PluginSettings(BaseModel):
    """A vendor's own settings. Its docstring says of each under `Attributes:` what it is, for the
    page of all settings.

    A field `model` is the variable `YTDUBBER_ACME_MODEL`, after the prefix that the plugin names;
    one with `variable("ACME_API_KEY")` is the variable of that name. What is secret is a
    `SecretStr`; an address is `url`, or ends with `_url`. Both are checked as all others are.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(populate_by_name=True, extra="ignore")


def variable(name: str, default: Any = None) -> Any:
    """A field whose variable is called so everywhere, without the plugin's prefix."""
    return Field(default=default, validation_alias=AliasChoices(name))


Options = TypeVar("Options", bound=PluginSettings)
VendorPort = TypeVar("VendorPort", bound=Port)


@runtime_checkable
class Retiring(Protocol):
    """A port whose vendor tells when it takes the model away."""

    @property
    def model(self) -> str:
        """The model."""
        ...

    def model_shutdown_date(self) -> date | None:
        """The day; None where the vendor has not said so.

        Raises:
            VendorError: it could not be asked.
        """
        ...


@dataclass(frozen=True, slots=True)
class VendorEngine(Generic[VendorPort]):
    """One thing a vendor does, and how it may be asked for it.

    Attributes:
        port: The adapter.
        permits: What the permits are called that its calls take, such as `acme-speak`.
        at_once: How many calls may be under way, over all workers.
        units: What the vendor will count for work of some size.
        retries: How often and when it is asked again.
    """

    port: VendorPort
    permits: str
    at_once: int
    units: Units = tuple
    retries: RetryPolicy = field(default_factory=RetryPolicy)


@dataclass(frozen=True, slots=True)
class VendorEngines:
    """All that an account does; its engines share the client.

    Attributes:
        speech_to_text: What transcribes.
        translators: What translates, in order of preference. Whoever translates shortens, too.
        synthesizer: What speaks.
    """

    speech_to_text: VendorEngine[SpeechToText] | None = None
    translators: tuple[VendorEngine[Translator], ...] = ()
    synthesizer: VendorEngine[SpeechSynthesizer] | None = None


@dataclass(frozen=True, slots=True)
class VendorPlugin(Generic[Options]):
    """A vendor. Importing it loads no client.

    Attributes:
        name: How people call it; its entry point is called the same.
        settings: What can be set of it.
        prefix: How the variables of these settings begin, such as `YTDUBBER_ACME_`.
        set_up_by: The fields of which one at least is set where it can be asked; messages name the
            first.
        ranks: Its place in the orders that nobody set, the lowest first, before the engines of this
            machine. An order that is set may name it for the same uses; what speaks may be named in
            both tiers.
        engines: Makes its engines, by its settings; connects to nobody.
        check: Makes a call that costs nothing; raises `VendorError` where the vendor does not
            answer or refuses the key.
        client: The package of its client, as it is imported; None where it needs none.
        needs: The field without which it cannot be asked for a use, beside what sets it up; one of
            them at least has to be set.
    """

    name: str
    settings: type[Options]
    prefix: str
    set_up_by: tuple[str, ...]
    ranks: Mapping[Use, int]
    engines: Callable[[Options], VendorEngines]
    check: Callable[[Options], None]
    client: str | None = None
    needs: Mapping[Use, str] = field(default_factory=dict)

    @property
    def provider(self) -> str:
        """What it is called in settings, prices and receipts."""
        return provider_of(self.name)

    def may(self, use: Use) -> bool:
        """Whether an order for this may name it."""
        speaks = {"speak", "premium_speak"}
        return use in self.ranks or (use in speaks and not speaks.isdisjoint(self.ranks))

    def is_set_up(self, options: Options, use: Use | None = None) -> bool:
        """Whether it can be asked: for this, or at all."""
        if not any(getattr(options, name) for name in self.set_up_by):
            return False
        if use is None:
            return True
        needed = self.needs.get(use)
        return self.may(use) and (needed is None or bool(getattr(options, needed)))

    def secrets(self) -> tuple[str, ...]:
        """The variables that hold secrets."""
        fields, variables = self.settings.model_fields, self.variables()
        return tuple(
            variables[name]
            for name, info in fields.items()
            if info.annotation in (SecretStr, SecretStr | None)
        )

    def addresses(self) -> tuple[str, ...]:
        """The variables that hold addresses."""
        return tuple(each for name, each in self.variables().items() if f"_{name}".endswith("_url"))

    def variables(self) -> Mapping[str, str]:
        """The variable of each field."""
        return {
            name: str(info.validation_alias.choices[0])
            if isinstance(info.validation_alias, AliasChoices)
            else self.prefix + name.upper()
            for name, info in self.settings.model_fields.items()
        }
