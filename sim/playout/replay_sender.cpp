#include "sim/playout/replay_sender.hpp"

#include <cmath>
#include <numbers>

namespace rtjam::sim {
namespace {

// A sine of the frequency next to that one with a whole number of waves in the repeat.
float tone(double hertz, std::int64_t frame, std::int64_t repeat_frames) {
    const auto length = static_cast<double>(repeat_frames);
    const double waves = std::max(1.0, std::round(hertz * length / 48000.0));
    return static_cast<float>(0.2 *
                              std::sin(2.0 * std::numbers::pi * waves * static_cast<double>(frame) / length));
}

}  // namespace

ReplaySender::ReplaySender(FrameCount packet_frames)
    : packet_frames_(packet_frames), packets_(packets_per_repeat) {
    const std::int64_t repeat = (packet_frames * packets_per_repeat).count();
    std::vector<float> left(packet_frames.size());
    std::vector<float> right(packet_frames.size());
    std::int64_t frame = 0;
    for (Bytes& bytes : packets_) {
        for (std::size_t i = 0; i < left.size(); ++i, ++frame) {
            left[i] = tone(220.0, frame, repeat) + tone(660.0, frame, repeat);
            right[i] = tone(330.0, frame, repeat) + tone(990.0, frame, repeat);
        }
        encode({}, {left, right}, bytes);
    }
}

PacketView ReplaySender::packet(std::size_t index) {
    Bytes& bytes = packets_[index % packets_per_repeat];
    PacketHeader header;
    header.sequence =
        SequenceNumber{static_cast<std::uint32_t>(first_number + static_cast<std::int64_t>(index))};
    encode_header(header, bytes);
    return parse(std::span{bytes}.first(packet_size(packet_frames_))).value();
}

SamplePosition ReplaySender::start_of(std::size_t index) const {
    return SamplePosition{} + packet_frames_ * (first_number + static_cast<std::int64_t>(index));
}

std::size_t ReplaySender::index_of(SamplePosition position) const {
    const std::int64_t number = position.frames() / packet_frames_.count();
    return number < first_number ? 0 : static_cast<std::size_t>(number - first_number);
}

}  // namespace rtjam::sim
