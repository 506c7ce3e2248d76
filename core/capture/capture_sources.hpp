// Who has sent in a capture so far, and what his next datagram will look like, if it is as the last ones
// were: writer and reader keep the same, and the file has only what turns out otherwise. Realtime-safe: yes;
// allocates only in its constructor.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/capture/capture_records.hpp"

namespace rtjam {

struct CaptureSource {
    CapturedAddress from;
    ClientId client;
    // Of the last one.
    std::size_t size = header_size;
    PacketHeader header{};
    std::uint64_t client_step_us = 0;  // between the last two

    bool foretells(const CapturedDatagram& next) const {
        return next.size == size && next.header.sequence == header.sequence.next() &&
               next.header.channel == header.channel && next.header.chunks == header.chunks &&
               next.header.sample_rate_code == header.sample_rate_code && next.header.beat == header.beat;
    }
    void follow(const CapturedDatagram& next) {
        // What a cookie is says nothing about what a time will be.
        const ServerTime server_time =
            next.header.server_time.is_cookie() ? header.server_time : next.header.server_time;
        client_step_us = next.header.client_time_us - header.client_time_us;
        size = next.size;
        header = next.header;
        header.server_time = server_time;
    }
};

class CaptureSources {
public:
    CaptureSources() { sources_.reserve(capture_sources_max); }

    std::size_t size() const { return sources_.size(); }
    bool full() const { return sources_.size() == capture_sources_max; }
    CaptureSource& operator[](std::size_t index) {
        assert(index < sources_.size());
        return sources_[index];
    }
    std::optional<std::size_t> find(CapturedAddress from, ClientId client) const {
        const auto found = std::find_if(sources_.begin(), sources_.end(), [&](const CaptureSource& each) {
            return each.from == from && each.client == client;
        });
        if (found == sources_.end()) return std::nullopt;
        return static_cast<std::size_t>(found - sources_.begin());
    }
    // Must not be full.
    void add(CapturedAddress from, ClientId client) {
        assert(!full());
        sources_.push_back({.from = from, .client = client});
    }

private:
    std::vector<CaptureSource> sources_;
};

}  // namespace rtjam
