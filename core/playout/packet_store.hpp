// The packets of one sender, at their own places on the sender's timeline, and what has become of each: so
// that a reordered packet is used, a second copy is known, and late is told apart from lost.
// Realtime-safe: yes; allocates only in its constructor. One thread at a time.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/audio_types.hpp"
#include "core/wire/packet.hpp"

namespace rtjam {

// A sequence number unwrapped to 64 bits. Frame k of packet n is at position n × frames per packet + k.
class PacketNumber {
public:
    constexpr PacketNumber() = default;
    constexpr explicit PacketNumber(std::int64_t value) : value_(value) {}
    constexpr std::int64_t value() const { return value_; }
    constexpr PacketNumber next() const { return PacketNumber{value_ + 1}; }
    friend constexpr auto operator<=>(PacketNumber, PacketNumber) = default;

private:
    std::int64_t value_ = 0;
};

class PacketStore {
public:
    enum class Put : std::uint8_t {
        stored,
        late,       // its place lies wholly behind the position, or too far behind to be kept
        duplicate,  // it has been put before, whatever came of it
        too_early,  // beyond the store's end
    };

    // One packet's part of what was to be read.
    struct Piece {
        FrameCount frames;     // at least 1
        bool present = false;  // the frames have been written; if not, nothing has
    };

    // Holds at least the frames of 1 s ahead of the position and of 0.5 s behind it, and remembers for at
    // least 2 s behind it which packets have come, less what it has been set back by since.
    PacketStore(SampleRate rate, FrameCount pull_frames_max);

    // Forgets everything: a new timeline, of which packet `first` is the first one seen.
    void begin(PacketNumber first, FrameCount packet_frames);

    // The packet has the frames that the timeline was begun with.
    Put put(PacketNumber number, const PacketView& packet);

    // Sets the position, from which on frames may still be played, either way. Packets whose place is passed
    // without them having come are lost as soon as a later one has come. Where it is set back beyond the
    // frames kept behind, those that have come before are not there again, but the others may still come;
    // where by more than the second ahead, what lies beyond that is forgotten.
    void move_to(SamplePosition position);

    // Moves on to the packet at that position, because those before it did not come in time: the ones that
    // have come since are late.
    void give_up_before(SamplePosition position);

    // Reads what one packet has for the beginning of `out`, which holds at least one frame; the rest is for
    // further reads. Changes nothing in the store.
    Piece read(SamplePosition from, AudioOutput out) const;

    // The first frame from the position on that can be read; `end` if there is none before that.
    SamplePosition first_readable(SamplePosition end) const;

    // One past the last frame before `end` that cannot be read; `from` if there is none from there on.
    SamplePosition missing_up_to(SamplePosition from, SamplePosition end) const;

    FrameCount packet_frames() const { return packet_frames_; }
    SamplePosition position() const { return position_; }
    SamplePosition start_of(PacketNumber number) const {
        return SamplePosition{number.value() * packet_frames_.count()};
    }
    // The earliest packet that has come in time, and the latest.
    PacketNumber first() const { return first_; }
    PacketNumber highest() const { return highest_; }
    // Packets whose place was passed without them, while later ones came, and which have not come since. Of
    // all timelines since construction or forget_counts().
    std::uint64_t lost() const { return lost_; }
    // Packets that came too late to be played.
    std::uint64_t late() const { return late_; }
    void forget_counts() {
        lost_ = 0;
        late_ = 0;
    }

private:
    enum class Fate : std::uint8_t {
        open,
        stored,
        passed,  // its place has been passed, and no later packet has come
        lost,
        gone,       // has come, and was late or has had to make room since
        forgotten,  // what became of it is not known any more, and not counted again
    };

    bool is_readable(PacketNumber number) const;
    PacketNumber packet_at(SamplePosition position) const;
    Fate fate_of(PacketNumber number) const;
    void set_fate(PacketNumber number, Fate fate);
    std::size_t fate_slot_of(PacketNumber number) const;
    std::array<std::span<std::uint8_t>, 2> fates_of(PacketNumber from, PacketNumber end);
    std::uint64_t change_fates(PacketNumber from, PacketNumber end, Fate old_fate, Fate new_fate);
    void fill_fates(PacketNumber from, PacketNumber end, Fate fate);
    std::size_t samples_at(PacketNumber number) const;
    bool has_frames_of(PacketNumber number) const;
    PacketNumber end_for(SamplePosition position) const;
    void extend_to(PacketNumber end);
    void set_end_back(PacketNumber end);
    void pass_up_to(PacketNumber number);
    void raise_highest(PacketNumber number);

    FrameCount ahead_;
    FrameCount behind_;
    // As on the wire, half the memory of floats: of each packet the left samples, then the right ones.
    std::vector<std::byte> samples_;
    std::vector<std::uint8_t> fates_;  // a Fate each

    FrameCount packet_frames_{1};
    std::int64_t frame_slots_ = 1;  // packets whose frames fit
    std::int64_t fate_slots_ = 1;   // packets whose fates fit
    PacketNumber end_;              // one past the last packet that there is a place for
    PacketNumber first_;
    PacketNumber highest_;
    SamplePosition position_;
    std::uint64_t lost_ = 0;
    std::uint64_t late_ = 0;
};

}  // namespace rtjam
