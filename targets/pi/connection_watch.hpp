// What a person is told about the connection to the server: each thing once.
// Realtime-safe: no. The control thread. Time comes in as an argument.
#pragma once

#include <optional>
#include <string>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/engine.hpp"

namespace rtjam {

struct ConnectionNews {
    bool good = false;
    std::string text;
};

class ConnectionWatch {
public:
    // How long a server may be silent at the beginning before it is worth saying, and a refusal may last: for
    // a moment after a restart our id still belongs to our own past.
    static constexpr Duration silence_before_news = std::chrono::seconds{3};
    static constexpr Duration refusal_before_news = std::chrono::seconds{1};
    // A new engine (for another period, say) has not heard from the server yet, but will in a round trip.
    static constexpr Duration loss_before_news = std::chrono::milliseconds{500};

    ConnectionWatch(std::string server, ClientId id, Instant now);

    // What to say now, if anything.
    std::optional<ConnectionNews> update(Connection connection, Instant now);

    // The audio has stopped for a while and with it what we send: it was not the server who left.
    void restart(Instant now);

    // Since when there has been no answer; empty while there is one.
    std::optional<Instant> unanswered_since() const;
    bool has_ever_joined() const { return has_ever_joined_; }

private:
    std::optional<ConnectionNews> joined(Instant now);
    std::optional<ConnectionNews> searching(Instant now);
    std::optional<ConnectionNews> refused(Connection why, Instant now);

    std::string server_;
    ClientId id_;
    Connection connection_ = Connection::searching;
    Instant since_;                // when the connection became what it is
    std::optional<Instant> lost_;  // when we were last joined, if that is over
    bool has_ever_joined_ = false;
    // Said since the last time we were joined.
    bool said_silent_ = false;
    bool said_id_in_use_ = false;
    bool said_room_full_ = false;
};

}  // namespace rtjam
