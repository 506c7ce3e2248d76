#include "core/playout/packet_store.hpp"

#include <algorithm>
#include <cassert>

#include "core/playout/byte_runs.hpp"
#include "core/wire/sample_codec.hpp"

namespace rtjam {
namespace {

constexpr std::int64_t remembered_seconds = 2;
constexpr std::size_t sample_bytes = 2;
constexpr std::size_t frame_bytes = 2 * sample_bytes;

// Packets just before the first one of a timeline have numbers below 0 if that one's is 0, and C++'s own
// division rounds towards zero.
constexpr std::int64_t floor_divide(std::int64_t dividend, std::int64_t divisor) {
    const std::int64_t quotient = dividend / divisor;
    return dividend % divisor < 0 ? quotient - 1 : quotient;
}

constexpr std::size_t slot_of(std::int64_t number, std::int64_t slots) {
    return static_cast<std::size_t>(number - floor_divide(number, slots) * slots);
}

}  // namespace

PacketStore::PacketStore(SampleRate rate, FrameCount pull_frames_max)
    : ahead_(FrameCount{rate.hertz()} + pull_frames_max + packet_frames_max),
      behind_(FrameCount{rate.hertz() / 2} + pull_frames_max + packet_frames_max),
      samples_((ahead_ + behind_).size() * frame_bytes),
      fates_((ahead_ + behind_ + FrameCount{rate.hertz()} * remembered_seconds).size()) {
    begin(PacketNumber{0}, FrameCount{1});
}

void PacketStore::begin(PacketNumber first, FrameCount packet_frames) {
    assert(packet_frames > FrameCount{0} && packet_frames <= packet_frames_max);
    packet_frames_ = packet_frames;
    frame_slots_ = (ahead_ + behind_).count() / packet_frames.count();
    fate_slots_ = static_cast<std::int64_t>(fates_.size()) / packet_frames.count();
    first_ = first;
    highest_ = first;
    // Until the caller knows where to start, whatever there is a place for is in time.
    position_ = start_of(first) - (behind_ - packet_frames_max);
    end_ = end_for(start_of(first));
    fill_fates(PacketNumber{end_.value() - fate_slots_}, end_, Fate::open);
}

PacketStore::Put PacketStore::put(PacketNumber number, const PacketView& packet) {
    assert(packet.frames() == packet_frames_);
    if (number >= end_) return Put::too_early;
    // Older than anything remembered.
    if (number.value() < end_.value() - fate_slots_) {
        ++late_;
        return Put::late;
    }

    const Fate fate = fate_of(number);
    if (fate == Fate::stored || fate == Fate::gone) return Put::duplicate;
    if (fate == Fate::lost) --lost_;
    raise_highest(number);
    if (start_of(number.next()) <= position_ || !has_frames_of(number)) {
        set_fate(number, Fate::gone);
        ++late_;
        return Put::late;
    }
    set_fate(number, Fate::stored);
    first_ = std::min(first_, number);
    const auto place = samples_.begin() + static_cast<std::ptrdiff_t>(samples_at(number));
    std::copy(packet.audio().begin(), packet.audio().end(), place);
    return Put::stored;
}

void PacketStore::move_to(SamplePosition position) {
    if (position > position_) {
        // The last packet to be passed may be passed in part only; what is left of it can still come.
        pass_up_to(packet_at(position - FrameCount{1}).next());
        extend_to(end_for(position));
    } else {
        // There was nothing before the first one.
        const SamplePosition earliest = std::max(position, start_of(first_));
        if (!has_frames_of(packet_at(earliest))) set_end_back(end_for(earliest));
    }
    position_ = position;
}

void PacketStore::give_up_before(SamplePosition position) {
    const PacketNumber next = packet_at(position);
    if (start_of(next) <= position_) return;
    // One that the position is within has been played in part.
    const PacketNumber first = packet_at(position_ + packet_frames_ - FrameCount{1});
    late_ += change_fates(first, std::min(next, end_), Fate::stored, Fate::gone);
    move_to(start_of(next));
}

PacketStore::Piece PacketStore::read(SamplePosition from, AudioOutput out) const {
    const PacketNumber number = packet_at(from);
    const std::size_t offset = (from - start_of(number)).size();
    const std::size_t length = std::min(packet_frames_.size() - offset, out.left.size());
    const bool present = is_readable(number);
    if (present) {
        const std::span wire = std::span{samples_}.subspan(samples_at(number));
        const auto channel = [&](std::size_t index) {
            const std::size_t first = index * packet_frames_.size() + offset;
            return wire.subspan(first * sample_bytes, length * sample_bytes);
        };
        decode_samples(channel(0), out.left.first(length));
        decode_samples(channel(1), out.right.first(length));
    }
    return {.frames = FrameCount{static_cast<std::int64_t>(length)}, .present = present};
}

SamplePosition PacketStore::first_readable(SamplePosition end) const {
    const PacketNumber oldest{end_.value() - frame_slots_};
    PacketNumber number = std::max(packet_at(position_), oldest);
    const PacketNumber beyond = std::min(packet_at(end + packet_frames_ - FrameCount{1}), end_);
    while (number < beyond) {
        const std::size_t slot = fate_slot_of(number);
        const std::size_t in_a_row = std::min(static_cast<std::size_t>(beyond.value() - number.value()),
                                              static_cast<std::size_t>(fate_slots_) - slot);
        const std::size_t found =
            find_byte(std::span{fates_}.subspan(slot, in_a_row), static_cast<std::uint8_t>(Fate::stored));
        number = PacketNumber{number.value() + static_cast<std::int64_t>(found)};
        if (found < in_a_row) return std::max(start_of(number), position_);
    }
    return end;
}

SamplePosition PacketStore::missing_up_to(SamplePosition from, SamplePosition end) const {
    for (SamplePosition last = end; last > from;) {
        const PacketNumber number = packet_at(last - FrameCount{1});
        if (!is_readable(number)) return last;
        last = start_of(number);
    }
    return from;
}

bool PacketStore::is_readable(PacketNumber number) const {
    return has_frames_of(number) && fate_of(number) == Fate::stored;
}

PacketNumber PacketStore::packet_at(SamplePosition position) const {
    return PacketNumber{floor_divide(position.frames(), packet_frames_.count())};
}

PacketStore::Fate PacketStore::fate_of(PacketNumber number) const {
    return static_cast<Fate>(fates_[fate_slot_of(number)]);
}

void PacketStore::set_fate(PacketNumber number, Fate fate) {
    fates_[fate_slot_of(number)] = static_cast<std::uint8_t>(fate);
}

std::size_t PacketStore::fate_slot_of(PacketNumber number) const {
    return slot_of(number.value(), fate_slots_);
}

// Up to the ring's end, and from its beginning. At most as many as there are slots; none if `end` is not
// beyond `from`.
std::array<std::span<std::uint8_t>, 2> PacketStore::fates_of(PacketNumber from, PacketNumber end) {
    if (end <= from) return {};
    const auto count = static_cast<std::size_t>(std::min(end.value() - from.value(), fate_slots_));
    const std::size_t slot = fate_slot_of(from);
    const std::size_t in_a_row = std::min(count, static_cast<std::size_t>(fate_slots_) - slot);
    return {std::span{fates_}.subspan(slot, in_a_row), std::span{fates_}.first(count - in_a_row)};
}

std::uint64_t PacketStore::change_fates(PacketNumber from, PacketNumber end, Fate old_fate, Fate new_fate) {
    // Nearly always there is none, or one: each pull asks several times.
    if (end <= from) return 0;
    if (end == from.next()) {
        if (fate_of(from) != old_fate) return 0;
        set_fate(from, new_fate);
        return 1;
    }
    std::uint64_t changed = 0;
    for (const std::span<std::uint8_t> run : fates_of(from, end)) {
        changed +=
            replace_bytes(run, static_cast<std::uint8_t>(old_fate), static_cast<std::uint8_t>(new_fate));
    }
    return changed;
}

void PacketStore::fill_fates(PacketNumber from, PacketNumber end, Fate fate) {
    for (const std::span<std::uint8_t> run : fates_of(from, end)) {
        std::fill(run.begin(), run.end(), static_cast<std::uint8_t>(fate));
    }
}

std::size_t PacketStore::samples_at(PacketNumber number) const {
    return slot_of(number.value(), frame_slots_) * packet_frames_.size() * frame_bytes;
}

bool PacketStore::has_frames_of(PacketNumber number) const {
    return number < end_ && number.value() >= end_.value() - frame_slots_;
}

PacketNumber PacketStore::end_for(SamplePosition position) const {
    return packet_at(position + ahead_);
}

// Packets beyond the old end take the slots of the oldest ones.
void PacketStore::extend_to(PacketNumber end) {
    if (end <= end_) return;
    const PacketNumber from = std::max(end_, PacketNumber{end.value() - fate_slots_});
    fill_fates(from, end, Fate::open);
    // From before the end was set back.
    fill_fates(from, std::min(end, highest_.next()), Fate::forgotten);
    end_ = end;
}

// The oldest packets take the slots of those beyond the new end. What is still known of those before it
// stays as it was, so that nothing is counted twice, and a copy is told from what comes for the first time.
void PacketStore::set_end_back(PacketNumber end) {
    const PacketNumber oldest_known{end_.value() - fate_slots_};
    const PacketNumber oldest_kept{end_.value() - frame_slots_};
    change_fates(oldest_known, std::min(oldest_kept, end), Fate::stored, Fate::gone);
    fill_fates(PacketNumber{end.value() - fate_slots_}, std::min(oldest_known, end), Fate::forgotten);
    end_ = end;
}

// Ends the wait for those before `number`, from the position on.
void PacketStore::pass_up_to(PacketNumber number) {
    const PacketNumber oldest_known{end_.value() - fate_slots_};
    const PacketNumber from = std::max({packet_at(position_), first_, oldest_known});
    const PacketNumber end = std::min(number, end_);
    if (end <= from) return;
    lost_ += change_fates(from, std::min(end, highest_), Fate::open, Fate::lost);
    // Passed once already, before the position was set back and a later one came.
    lost_ += change_fates(from, std::min(end, highest_), Fate::passed, Fate::lost);
    change_fates(std::max(from, highest_), end, Fate::open, Fate::passed);
}

// A later packet proves that those passed since the one before it have been sent.
void PacketStore::raise_highest(PacketNumber number) {
    if (number <= highest_) return;
    const PacketNumber oldest_known{end_.value() - fate_slots_};
    const PacketNumber due_end = std::min(number, packet_at(position_).next());
    lost_ += change_fates(std::max(highest_.next(), oldest_known), due_end, Fate::passed, Fate::lost);
    highest_ = number;
}

}  // namespace rtjam
