"""Which gain and which ceiling a file is written with, and how they follow what was measured."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ytdubber.audio.codec_probe import CodecEffect
from ytdubber.audio.limiter import MARGIN_DB
from ytdubber.audio.loudness import SILENCE_LUFS
from ytdubber.audio.profiles import VOICE_LUFS, Content, LoudnessProfile
from ytdubber.audio.verify import Loudness

# A track too quiet to be meant is not lifted to a target made for speech.
_MAX_GAIN_DB = 30.0
# The most that the limiter takes off the highest peaks of a voice without music.
_MAX_VOICE_REDUCTION_DB = 3.0
# A limiter eats some of what a gain adds: about this much more has to go in, while it is not known
# how much it is here; and never more than this.
_GAIN_FOR_LOUDNESS, _MAX_GAIN_FOR_LOUDNESS = 1.25, 8.0
# A ceiling is lowered this much further than it was passed by: the next try differs a little. And
# once more by the coding noise that excerpts showed: the whole has more chances.
_CLEARANCE_DB = 0.2
_CONVERGED_LU = 0.1
_UNCERTAIN_LU = 0.2
TOLERANCE_LU = 0.45
# A codec's loss below this is left alone, so that its files can share a limiter with others.
_NEGLIGIBLE_LU = 0.15


@dataclass(frozen=True, slots=True)
class GainSetting:
    """How a content is levelled: files of one setting share one limiter.

    Attributes:
        content: What is levelled.
        gain_db: The gain before the limiter.
        ceiling_dbtp: The limiter's ceiling.
        loss_lu: What the codec behind it will take from the loudness.
    """

    content: Content
    gain_db: float
    ceiling_dbtp: float
    loss_lu: float = 0.0


@dataclass(frozen=True, slots=True)
class Measured:
    """A setting, and how loud what it gives is."""

    setting: GainSetting
    integrated_lufs: float


@dataclass(frozen=True, slots=True)
class Levels:
    """The levels of one programme under one profile.

    Attributes:
        profile: How loud it is to be.
        measured: The loudness of each content before any gain, the voice's always.
        mix_channels: The mix's channel count.
    """

    profile: LoudnessProfile
    measured: Mapping[Content, Loudness]
    mix_channels: int

    def dialogue_lufs(self, content: Content) -> float:
        """The loudness of the voice within a content before any gain: it is in every channel."""
        voice = self.measured[Content.VOICE].integrated_lufs
        if voice <= SILENCE_LUFS or content is Content.VOICE:
            return voice
        return voice + 10.0 * math.log10(self.mix_channels)

    def target_lufs(self, content: Content) -> float:
        """The loudness aimed at; that of the dialogue for a mix that is levelled by it."""
        target = self.profile.target_lufs
        return min(target, VOICE_LUFS) if content is Content.VOICE else target

    def reached_lufs(self, setting: GainSetting, lufs: float) -> float:
        """The target of a file written like this: what it has where a voice alone can carry no
        more, whose peaks the limiter would otherwise press down too far.
        """
        target = self.target_lufs(setting.content)
        bounded = setting.content is Content.VOICE and setting.gain_db < _MAX_GAIN_DB
        if bounded and setting.gain_db >= self._most_gain_db(setting) - 1e-6:
            return min(target, lufs)
        return target

    def under_one_ceiling(self, settings: Sequence[GainSetting]) -> list[GainSetting]:
        """The settings of one content with the lowest of their ceilings, where they are limited:
        what one of them cannot carry the others do not have either.
        """
        lowest = min((each.ceiling_dbtp for each in settings), default=0.0)
        return [
            self._bounded(replace(each, ceiling_dbtp=lowest)) if self.is_limited(each) else each
            for each in settings
        ]

    def first(self, content: Content, effect: CodecEffect | None = None) -> GainSetting:
        """The gain to the target as if the limiter ate nothing; `effect` is a lossy codec's."""
        ceiling, loss = self.profile.ceiling_dbtp, 0.0
        measured = self.measured[content]
        loudness = measured.integrated_lufs
        if self.profile.dialogue_gated:
            loudness = self.dialogue_lufs(content)
        if effect is not None and abs(effect.loss_lu) >= _NEGLIGIBLE_LU:
            loss = round(effect.loss_lu, 2)
        gain = 0.0
        if loudness > SILENCE_LUFS:
            gain = min(_MAX_GAIN_DB, self.target_lufs(content) + loss - loudness)
        lowered = ceiling
        if effect is not None:
            noise = max(0.0, effect.overshoot_db + effect.loss_lu)
            over = effect.overshoot_db + noise + _CLEARANCE_DB
            lowered -= math.ceil(over * 10.0) / 10.0
        # Files that need no limiter can share one setting, whatever their codec.
        limited = measured.true_peak_dbtp + gain > lowered
        return self._bounded(GainSetting(content, gain, lowered if limited else ceiling, loss))

    def is_limited(self, setting: GainSetting) -> bool:
        """Whether the limiter has anything to do."""
        peak = self.measured[setting.content].true_peak_dbtp
        return peak + setting.gain_db > setting.ceiling_dbtp - MARGIN_DB

    def may_stay(self, setting: GainSetting, lufs: float) -> bool:
        """Whether a first setting may stay that makes its content so loud or louder: it is close
        enough, or cannot be raised.
        """
        return self.converge(Measured(setting, lufs), None).gain_db <= setting.gain_db

    def converge(self, now: Measured, before: Measured | None) -> GainSetting:
        """The gain raised by what the limiter ate; the same setting when it is close enough.

        Args:
            now: What was measured.
            before: What was measured before that, if anything.
        """
        setting = now.setting
        short = self._short_lu(setting.content, now.integrated_lufs, setting.loss_lu)
        if abs(short) <= _CONVERGED_LU:
            return setting
        need = _GAIN_FOR_LOUDNESS
        if before is not None:
            gained_lu = now.integrated_lufs - before.integrated_lufs
            put_in_db = setting.gain_db - before.setting.gain_db
            if gained_lu and put_in_db:
                need = min(_MAX_GAIN_FOR_LOUDNESS, max(1.0, put_in_db / gained_lu))
        return self._bounded(replace(setting, gain_db=setting.gain_db + need * short))

    def corrected(
        self, setting: GainSetting, limited_lufs: float, decoded: Loudness
    ) -> GainSetting:
        """The setting after a file was written; the same one when the file may stay.

        What its limiter eats at another gain and ceiling is yet to be measured.

        Args:
            setting: What it was written with.
            limited_lufs: How loud what its encoder was given was.
            decoded: What the file decoded to.
        """
        over = decoded.true_peak_dbtp - self.profile.ceiling_dbtp
        short = self._short_lu(setting.content, decoded.integrated_lufs)
        louder = self._bounded(replace(setting, gain_db=setting.gain_db + short))
        if over <= 0.0 and (abs(short) <= TOLERANCE_LU or louder == setting):
            return setting
        lower = over + _CLEARANCE_DB if over > 0.0 else 0.0
        return self._bounded(
            replace(
                louder,
                ceiling_dbtp=setting.ceiling_dbtp - lower,
                loss_lu=limited_lufs - decoded.integrated_lufs,
            )
        )

    def _short_lu(self, content: Content, lufs: float, loss_lu: float = 0.0) -> float:
        """How far the loudness, less what will be lost, lies under the target.

        Zero for silence, and for a mix that is levelled by its dialogue, which no meter hears
        apart from the rest.
        """
        by_dialogue = self.profile.dialogue_gated and content is not Content.VOICE
        if by_dialogue or lufs <= SILENCE_LUFS:
            return 0.0
        return self.target_lufs(content) + loss_lu - lufs

    def _bounded(self, setting: GainSetting) -> GainSetting:
        """The setting with no more gain than its content can bear."""
        return replace(setting, gain_db=min(setting.gain_db, self._most_gain_db(setting)))

    def _most_gain_db(self, setting: GainSetting) -> float:
        if setting.content is not Content.VOICE:
            return _MAX_GAIN_DB
        peak_dbtp = self.measured[Content.VOICE].true_peak_dbtp
        carried = setting.ceiling_dbtp - MARGIN_DB + _MAX_VOICE_REDUCTION_DB - peak_dbtp
        return min(_MAX_GAIN_DB, carried)


def is_converged(before: GainSetting, after: GainSetting) -> bool:
    """Whether a gain was raised by so little that where it leads needs no measuring."""
    uncertain_share = (_GAIN_FOR_LOUDNESS - 1.0) / _GAIN_FOR_LOUDNESS
    return abs(after.gain_db - before.gain_db) * uncertain_share <= _UNCERTAIN_LU
