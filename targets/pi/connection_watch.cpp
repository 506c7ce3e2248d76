#include "targets/pi/connection_watch.hpp"

#include <array>
#include <cstdio>
#include <utility>

namespace rtjam {
namespace {

std::string seconds_text(Duration duration) {
    std::array<char, 32> text{};
    const double seconds = std::chrono::duration<double>(duration).count();
    std::snprintf(text.data(), text.size(), "%.1f s", seconds);
    return text.data();
}

}  // namespace

ConnectionWatch::ConnectionWatch(std::string server, ClientId id, Instant now)
    : server_(std::move(server)), id_(id), since_(now) {}

std::optional<ConnectionNews> ConnectionWatch::update(Connection connection, Instant now) {
    const bool was_joined = connection_ == Connection::joined;
    if (connection != connection_) since_ = now;
    if (was_joined && connection != Connection::joined) lost_ = now;
    connection_ = connection;
    switch (connection) {
        case Connection::joined:
            return was_joined ? std::nullopt : joined(now);
        case Connection::searching:
            return searching(now);
        case Connection::id_in_use:
        case Connection::room_full:
            return refused(connection, now);
    }
    return std::nullopt;
}

void ConnectionWatch::restart(Instant now) {
    connection_ = Connection::searching;
    since_ = now;
    lost_.reset();
}

std::optional<Instant> ConnectionWatch::unanswered_since() const {
    if (connection_ != Connection::searching) return std::nullopt;
    return since_;
}

std::optional<ConnectionNews> ConnectionWatch::joined(Instant now) {
    const std::optional<Instant> lost = std::exchange(lost_, std::nullopt);
    const bool said = said_silent_ || said_id_in_use_ || said_room_full_;
    said_silent_ = said_id_in_use_ = said_room_full_ = false;
    has_ever_joined_ = true;
    if (lost && !said) return std::nullopt;  // too short a time for anybody to have been told
    if (lost) return ConnectionNews{.good = true, .text = "back after " + seconds_text(now - *lost)};
    return ConnectionNews{.good = true, .text = "connected to " + server_};
}

std::optional<ConnectionNews> ConnectionWatch::searching(Instant now) {
    const bool worth_saying = now - since_ >= (lost_ ? loss_before_news : silence_before_news);
    if (said_silent_ || !worth_saying) return std::nullopt;
    said_silent_ = true;
    if (lost_) return ConnectionNews{.text = "lost the server " + server_ + ", still trying"};
    return ConnectionNews{.text = "no answer from the server " + server_ + ", still trying"};
}

std::optional<ConnectionNews> ConnectionWatch::refused(Connection why, Instant now) {
    bool& said = why == Connection::id_in_use ? said_id_in_use_ : said_room_full_;
    if (said || now - since_ < refusal_before_news) return std::nullopt;
    said = true;
    if (why == Connection::room_full) return ConnectionNews{.text = "the room is full, still trying"};
    return ConnectionNews{.text = "the id " + std::to_string(id_.value()) +
                                  " is in use by somebody else in the room, still trying"};
}

}  // namespace rtjam
