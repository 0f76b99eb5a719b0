"""What can be set from outside, by environment variable or `.env` file."""

import os
from pathlib import Path

from platformdirs import user_cache_path
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from ytdubber.domain.errors import BadSetting

_ENV_FILE = ".env"


class Settings(BaseSettings):
    """All settings; none is needed for a dub on this machine.

    Attributes:
        home: Where results are kept for two days; the platform's cache folder when not set.
        models: Where models are kept; a folder in the platform's cache folder when not set.
        translation_models: Further folders with Firefox translation models, separated as in PATH.
        offline: Never fetch a model.
        threads: How many processor threads speech recognition uses; all of them when 0.
    """

    model_config = SettingsConfigDict(
        env_prefix="YTDUBBER_", env_file=_ENV_FILE, env_ignore_empty=True, extra="ignore"
    )

    home: Path = Field(default_factory=lambda: user_cache_path("ytdubber"))
    models: Path = Field(default_factory=lambda: user_cache_path("ytdubber") / "models")
    translation_models: str = ""
    offline: bool = False
    threads: int = Field(default=0, ge=0, le=256)

    @property
    def translation_folders(self) -> tuple[Path, ...]:
        """The user's own folders of translation models."""
        parts = self.translation_models.split(os.pathsep)
        return tuple(Path(part).expanduser() for part in parts if part.strip())


def load_settings() -> Settings:
    """The settings in force.

    Raises:
        BadSetting: one has a value it cannot have; the message names the variable.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "YTDUBBER_" + "_".join(str(part) for part in first["loc"]).upper()
        raise BadSetting(variable=name, reason=f"{first['msg']}.") from None
    for folder in settings.translation_folders:
        if not folder.is_dir():
            raise BadSetting(
                variable="YTDUBBER_TRANSLATION_MODELS", reason=f"{folder} is not a folder."
            )
    return settings
