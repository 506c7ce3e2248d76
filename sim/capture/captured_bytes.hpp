// The datagrams of a capture as they came, with silence where the capture has no audio.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "core/capture/capture_records.hpp"
#include "core/wire/packet.hpp"

namespace rtjam::sim {

// What is returned is good until the next call, and the caller's to patch.
class CapturedBytes {
public:
    std::span<std::byte> of(const CapturedDatagram& datagram) {
        bytes_.resize(datagram.size);
        encode_header(datagram.header, bytes_);
        for (std::size_t i = header_size; i < bytes_.size(); ++i)
            bytes_[i] = std::byte{i % 2 == 0 ? std::uint8_t{0x80} : std::uint8_t{0}};
        std::copy(datagram.audio.begin(), datagram.audio.end(), bytes_.begin() + header_size);
        return bytes_;
    }
    std::span<std::byte> of(const CapturedRubbish& rubbish) {
        bytes_.assign(rubbish.size, std::byte{0});
        return bytes_;
    }

private:
    std::vector<std::byte> bytes_;
};

}  // namespace rtjam::sim
