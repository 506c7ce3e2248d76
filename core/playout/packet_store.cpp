#include "core/playout/packet_store.hpp"

#include <algorithm>
#include <cassert>

#include "core/wire/sample_codec.hpp"

namespace rtjam {
namespace {

constexpr std::int64_t remembered_seconds = 2;

// Packets just before the first one of a timeline have numbers below 0 if that one's is 0, and C++'s own
// division rounds towards zero.
constexpr std::int64_t floor_divide(std::int64_t dividend, std::int64_t divisor) {
    const std::int64_t quotient = dividend / divisor;
    return dividend % divisor < 0 ? quotient - 1 : quotient;
}

constexpr std::size_t slot_of(std::int64_t number, std::int64_t slots) {
    return static_cast<std::size_t>(number - floor_divide(number, slots) * slots);
}

std::uint16_t wire_sample(std::span<const std::byte> bytes, std::size_t index) {
    const auto high = std::to_integer<std::uint32_t>(bytes[2 * index]);
    const auto low = std::to_integer<std::uint32_t>(bytes[2 * index + 1]);
    return static_cast<std::uint16_t>(high << 8 | low);
}

}  // namespace

PacketStore::PacketStore(SampleRate rate, FrameCount pull_frames_max)
    : ahead_(FrameCount{rate.hertz()} + pull_frames_max + packet_frames_max),
      behind_(FrameCount{rate.hertz() / 2} + pull_frames_max + packet_frames_max),
      frames_((ahead_ + behind_).size()),
      fates_((ahead_ + behind_ + FrameCount{rate.hertz()} * remembered_seconds).size()) {
    begin(PacketNumber{0}, FrameCount{1});
}

void PacketStore::begin(PacketNumber first, FrameCount packet_frames) {
    assert(packet_frames > FrameCount{0} && packet_frames <= packet_frames_max);
    packet_frames_ = packet_frames;
    frame_slots_ = static_cast<std::int64_t>(frames_.size()) / packet_frames.count();
    fate_slots_ = static_cast<std::int64_t>(fates_.size()) / packet_frames.count();
    first_ = first;
    highest_ = first;
    // Until the caller knows where to start, whatever there is a place for is in time.
    position_ = start_of(first) - (behind_ - packet_frames_max);
    forget_fates_from(start_of(first));
}

PacketStore::Put PacketStore::put(PacketNumber number, const PacketView& packet) {
    assert(packet.frames() == packet_frames_);
    if (number >= end_) return Put::too_early;
    // Older than anything remembered.
    if (number.value() < end_.value() - fate_slots_) {
        ++late_;
        return Put::late;
    }

    Fate& fate = fate_of(number);
    if (fate == Fate::stored || fate == Fate::late) return Put::duplicate;
    if (fate == Fate::lost) --lost_;
    raise_highest(number);
    if (start_of(number.next()) <= position_ || !has_frames_of(number)) {
        fate = Fate::late;
        ++late_;
        return Put::late;
    }
    fate = Fate::stored;
    first_ = std::min(first_, number);
    const std::size_t base = frame_slot_of(number);
    for (std::size_t i = 0; i < packet_frames_.size(); ++i) {
        frames_[base + i] = {wire_sample(packet.left(), i), wire_sample(packet.right(), i)};
    }
    return Put::stored;
}

void PacketStore::move_to(SamplePosition position) {
    if (position > position_) {
        // The last packet to be passed may be passed in part only; what is left of it can still come.
        pass_up_to(packet_at(position - FrameCount{1}).next());
        extend_to(end_for(position));
    } else if (!has_frames_of(packet_at(position)) && packet_at(position) >= first_) {
        forget_fates_from(position);
        // Those that were too late for the old position are not to be called lost as well.
        for (PacketNumber number = packet_at(position); number <= highest_ && number < end_;
             number = number.next()) {
            fate_of(number) = Fate::late;
        }
    }
    position_ = position;
}

void PacketStore::give_up_before(SamplePosition position) {
    const PacketNumber next = packet_at(position);
    if (start_of(next) <= position_) return;
    for (PacketNumber number = packet_at(position_); number < std::min(next, end_); number = number.next()) {
        // One that the position is within has been played in part.
        if (fate_of(number) != Fate::stored || start_of(number) < position_) continue;
        fate_of(number) = Fate::late;
        ++late_;
    }
    move_to(start_of(next));
}

PacketStore::Piece PacketStore::read(SamplePosition from, AudioOutput out) const {
    const PacketNumber number = packet_at(from);
    const std::size_t offset = (from - start_of(number)).size();
    const std::size_t length = std::min(packet_frames_.size() - offset, out.left.size());
    const bool present = is_readable(number);
    if (present) {
        const Frame* frame = frames_.data() + frame_slot_of(number) + offset;
        for (std::size_t i = 0; i < length; ++i) {
            out.left[i] = decode_sample(frame[i].left);
            out.right[i] = decode_sample(frame[i].right);
        }
    }
    return {.frames = FrameCount{static_cast<std::int64_t>(length)}, .present = present};
}

SamplePosition PacketStore::first_readable(SamplePosition end) const {
    for (PacketNumber number = packet_at(position_); start_of(number) < end; number = number.next()) {
        if (is_readable(number)) return std::max(start_of(number), position_);
    }
    return end;
}

bool PacketStore::is_readable(PacketNumber number) const {
    return has_frames_of(number) && fate_of(number) == Fate::stored;
}

PacketNumber PacketStore::packet_at(SamplePosition position) const {
    return PacketNumber{floor_divide(position.frames(), packet_frames_.count())};
}

PacketStore::Fate& PacketStore::fate_of(PacketNumber number) {
    return fates_[slot_of(number.value(), fate_slots_)];
}

PacketStore::Fate PacketStore::fate_of(PacketNumber number) const {
    return fates_[slot_of(number.value(), fate_slots_)];
}

std::size_t PacketStore::frame_slot_of(PacketNumber number) const {
    return slot_of(number.value(), frame_slots_) * packet_frames_.size();
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
    if (end.value() - end_.value() >= fate_slots_) {
        std::fill(fates_.begin(), fates_.begin() + fate_slots_, Fate::open);
    } else {
        for (PacketNumber number = end_; number < end; number = number.next()) fate_of(number) = Fate::open;
    }
    end_ = end;
}

void PacketStore::forget_fates_from(SamplePosition position) {
    std::fill(fates_.begin(), fates_.begin() + fate_slots_, Fate::open);
    end_ = end_for(position);
}

// Ends the wait for those before `number`, from the position on.
void PacketStore::pass_up_to(PacketNumber number) {
    const std::int64_t oldest_known = end_.value() - fate_slots_;
    const PacketNumber from = std::max({packet_at(position_), first_, PacketNumber{oldest_known}});
    for (PacketNumber passed = from; passed < std::min(number, end_); passed = passed.next()) {
        Fate& fate = fate_of(passed);
        if (fate != Fate::open) continue;
        fate = passed < highest_ ? Fate::lost : Fate::passed;
        if (fate == Fate::lost) ++lost_;
    }
}

// A later packet proves that those passed since the one before it have been sent.
void PacketStore::raise_highest(PacketNumber number) {
    if (number <= highest_) return;
    const PacketNumber oldest_known{end_.value() - fate_slots_};
    const PacketNumber due_end = std::min(number, packet_at(position_).next());
    for (PacketNumber passed = std::max(highest_.next(), oldest_known); passed < due_end;
         passed = passed.next()) {
        if (fate_of(passed) != Fate::passed) continue;
        fate_of(passed) = Fate::lost;
        ++lost_;
    }
    highest_ = number;
}

}  // namespace rtjam
