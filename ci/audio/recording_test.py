#!/usr/bin/python3
"""Plants each fault that recording.py looks for into a synthetic recording, and sees it found. Fixed seeds,
no files but one."""

import os
import tempfile
import unittest

import numpy

import recording
import signals
import slew
import wav

RATE = 48000


def music(seed, seconds=6):
    """Noise with a moving level: as hard to confuse as real music, and cheap to make."""
    random = numpy.random.default_rng(seed)
    noise = random.normal(size=(seconds * RATE, 2))
    smooth = numpy.apply_along_axis(lambda x: numpy.convolve(x, numpy.ones(8) / 8, "same"), 0, noise)
    return 0.1 * smooth * (1 + numpy.sin(numpy.arange(len(noise)) / 7000.0))[:, None]


def late(sound, frames, total=None):
    return signals.slice_padded(sound, -frames, total or len(sound) + frames + RATE)


def slewed(sound, rate, stretches):
    """A recording that is 1000 frames late at first and plays faster by `rate` in these stretches of frames."""
    frames = numpy.arange(len(sound) + 2 * RATE)
    speeds = numpy.ones(len(frames))
    for begin, end in stretches:
        speeds[begin:end] += rate
    offsets = numpy.cumsum(speeds) - 1001 - frames
    return slew.moved(sound, 0, offsets[::slew.KNOT_FRAMES])


SENT, OWN = music(1), music(2)
# Without what lies near half the sampling rate, which no interpolation keeps.
SMOOTH = numpy.stack([numpy.convolve(side, numpy.hanning(9) / 4, "same") for side in SENT.T], axis=1)


def compare(recorded, own=OWN):
    return recording.compare(SENT, recorded, own, RATE)


class RecordingTest(unittest.TestCase):
    def test_a_faithful_recording_has_no_faults(self):
        found = compare(late(SENT, 1234))
        self.assertEqual(found.offset_frames, 1234)
        self.assertEqual((found.gaps, found.gap_frames, found.delay_steps, found.swapped), (0, 0, 0, False))
        self.assertEqual(found.clean_fraction, 1.0)
        self.assertGreater(min(found.clean_correlation + found.overall_correlation), 0.9999)
        self.assertLess(found.echo_db, -100)

    def test_a_recording_that_started_later_than_the_sender_has_a_negative_offset(self):
        found = compare(late(SENT, -777))
        self.assertEqual(found.offset_frames, -777)
        self.assertEqual(found.clean_fraction, 1.0)

    def test_delay_adds_the_difference_of_the_clients_start_times(self):
        found = compare(late(SENT, 480))
        sender, recorder = {"audio_start_monotonic_ns": 5_000_000}, {"audio_start_monotonic_ns": 8_000_000}
        delay = recording.delay_ms(found, RATE, sender, recorder)
        self.assertAlmostEqual(delay, 13.0)

    def test_gain_is_measured_and_is_no_gap(self):
        found = compare(late(SENT, 100) * [0.5, 0.7])
        numpy.testing.assert_allclose(found.gains, [0.5, 0.7], rtol=1e-6)
        self.assertEqual(found.gaps, 0)

    def test_gaps_are_counted_and_make_their_windows_unclean(self):
        recorded = late(SENT, 1000)
        recorded[100_000:100_128] = 0
        recorded[200_000:200_256, 1] = recorded[199_744:200_000, 1]
        found = compare(recorded)
        self.assertEqual(found.gaps, 2)
        self.assertAlmostEqual(found.gap_frames, 384, delta=20)
        self.assertEqual(round((1 - found.clean_fraction) * (len(SENT) // recording.WINDOW_FRAMES - 2)), 2)
        self.assertGreater(min(found.clean_correlation), 0.9999)
        self.assertLess(min(found.overall_correlation), 0.9999)

    def test_a_recording_that_is_mostly_gaps_still_has_its_gain_and_its_clean_part(self):
        recorded = late(SENT, 1000)
        for start in range(20_000, 280_000, 10_000):
            recorded[start:start + 7_000] = 0
        found = compare(recorded)
        self.assertAlmostEqual(found.gains[0], 1.0, places=6)
        self.assertLess(found.clean_fraction, 0.5)
        self.assertGreater(min(found.clean_correlation), 0.9999)

    def test_swapped_channels_are_found(self):
        found = compare(late(SENT, 1000)[:, ::-1])
        self.assertTrue(found.swapped)
        self.assertGreater(min(found.cross_correlation), 0.99)
        self.assertLess(found.clean_fraction, 0.1)

    def test_one_silent_channel_is_found(self):
        recorded = late(SENT, 1000)
        recorded[:, 1] = 0
        found = compare(recorded)
        self.assertEqual(found.clean_correlation[1], 0)

    def test_echo_is_measured_whether_faint_or_loud_and_despite_gaps(self):
        for level_db in (-60, -40, -26, -10):
            recorded = late(SENT, 1000)
            recorded += 10**(level_db / 20) * late(OWN, 3000, len(recorded))
            recorded[50_000:50_128] = 0
            self.assertAlmostEqual(compare(recorded).echo_db, level_db, delta=1.5)

    def test_no_echo_is_reported_low_despite_gaps_and_rounding(self):
        recorded = numpy.round(late(SENT, 1000) * 32768) / 32768
        for start in range(20_000, 250_000, 10_000):
            recorded[start:start + 128] = 0.5 * recorded[start - 128:start]
        self.assertLess(compare(recorded).echo_db, -70)

    def test_echo_is_unknown_without_own_sound(self):
        self.assertIsNone(compare(late(SENT, 1000), None).echo_db)
        self.assertIsNone(compare(late(SENT, 1000), numpy.zeros_like(OWN)).echo_db)

    def test_a_slew_is_followed_and_is_no_gap(self):
        recorded = slewed(SMOOTH, 0.005, [(100_000, 130_000), (200_000, 215_000)])
        recorded[150_000:150_128] = 0
        found = recording.compare(SMOOTH, recorded, OWN, RATE)
        self.assertEqual(found.gaps, 1)
        self.assertGreater(found.clean_fraction, 0.99)
        self.assertAlmostEqual(found.slewed_fraction, 45_000 / len(SENT), delta=0.03)
        self.assertLess(found.echo_db, -60)

    def test_a_slew_faster_than_any_playouts_is_not_explained_away(self):
        found = recording.compare(SMOOTH, slewed(SMOOTH, 0.01, [(100_000, 130_000)]), OWN, RATE)
        self.assertLess(found.clean_fraction, 0.92)

    def test_a_step_of_the_delay_is_found_and_costs_one_gap(self):
        recorded = numpy.concatenate([late(SENT, 1000)[:150_000], late(SENT, 1256)[150_256:]])
        recorded = numpy.concatenate([recorded[:150_000], numpy.zeros((256, 2)), recorded[150_000:]])
        found = compare(recorded)
        self.assertEqual(found.delay_steps, 1)
        self.assertEqual({o for o in found.offsets_frames}, {1000, 1256})
        self.assertLess(found.echo_db, -60)
        self.assertGreater(found.clean_fraction, 0.95)

    def test_steps_that_come_often_and_are_wide_cost_a_gap_each(self):
        # As of a machine that stands still for up to 20 ms a few times a second.
        pieces, at, delays = [], 0, (1000, 1930, 1400, 2250, 1100, 1777)
        for index, end in enumerate(range(9000, len(SENT) - 9000, 9000)):
            step = delays[(index + 1) % 6] - delays[index % 6]
            pieces += [SENT[at:end], numpy.zeros((max(step, 0), 2))]
            at = end + max(-step, 0)
        found = compare(numpy.concatenate([numpy.zeros((1000, 2)), *pieces, SENT[at:], numpy.zeros((RATE, 2))]))
        # A window at each step, and one more where sound is missing.
        self.assertGreater(found.clean_fraction, 0.8)
        self.assertGreater(min(found.overall_correlation), 0.9)

    def test_sound_in_the_wrong_order_is_a_gap(self):
        frames = recording.WINDOW_FRAMES
        pairs = SENT[:len(SENT) // (2 * frames) * 2 * frames].reshape(-1, 2, frames, 2).copy()
        pairs[20:100] = pairs[20:100, ::-1]
        found = compare(late(pairs.reshape(-1, 2), 1000))
        self.assertLess(found.clean_fraction, 0.75)

    def test_drift_shows_as_many_steps(self):
        frames = numpy.arange(len(SENT))
        drifted = numpy.stack([numpy.interp(frames * (1 + 20e-6), frames, side) for side in SENT.T], axis=1)
        found = compare(late(drifted, 1000))
        self.assertGreaterEqual(found.delay_steps, 4)
        self.assertLess(found.offsets_frames[-1], found.offsets_frames[0] - 3)

    def test_what_was_sent_before_joining_and_after_leaving_is_not_a_gap(self):
        recorded = late(SENT, 1000)
        recorded[:80_000] = 0
        recorded[240_000:] = 0
        found = compare(recorded)
        self.assertEqual((found.gaps, found.clean_fraction), (0, 1.0))
        self.assertAlmostEqual(found.heard_from_s, 79_000 / RATE, delta=0.2)
        self.assertAlmostEqual(found.heard_to_s, 239_000 / RATE, delta=0.2)

    def test_nothing_is_found_in_silence_or_in_other_music(self):
        self.assertIsNone(compare(numpy.zeros_like(SENT)))
        self.assertIsNone(compare(music(3)))


class WavTest(unittest.TestCase):
    def test_what_was_written_is_read(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "sound.wav")
            wav.write(path, SENT[:1000], RATE)
            samples, rate = wav.read(path)
            self.assertEqual(rate, RATE)
            numpy.testing.assert_allclose(samples, SENT[:1000], atol=1 / 65536)
            with open(path, "r+b") as file:
                file.truncate(44 + 4 * 600 + 3)
            self.assertEqual(len(wav.read(path)[0]), 600)

    def test_a_file_without_sound_is_refused(self):
        with tempfile.NamedTemporaryFile() as file:
            with self.assertRaises(ValueError):
                wav.read(file.name)


if __name__ == "__main__":
    unittest.main()
