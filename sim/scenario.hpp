// A world to be simulated and what it must show, as read from a TOML file. SCENARIOS.md documents the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/audio_types.hpp"
#include "core/base/expected.hpp"
#include "core/base/ids.hpp"
#include "core/base/sequence_number.hpp"
#include "core/base/time.hpp"
#include "core/room/room.hpp"
#include "sim/bounds.hpp"
#include "sim/link/link_config.hpp"
#include "sim/link/span.hpp"
#include "sim/sound_config.hpp"
#include "sim/virtual_clock.hpp"

namespace rtjam::sim {

struct ServerConfig {
    RoomConfig room;  // the cookie key is drawn from the seed
    Skew skew;
    // From the first it is off, from the second it runs again: a new room, a new key, a clock that starts
    // anew.
    std::optional<Span> restart;
    // It does nothing meanwhile; what reaches it waits, up to what a socket holds.
    std::optional<Span> stall;
    std::size_t rooms = 1;
};

// From then on a player's line is that one.
struct LinkPhase {
    Instant from{};
    LinkConfig up;
    LinkConfig down;
};

struct PlayerConfig {
    std::string name;
    ClientId id;
    FrameCount period{128};
    std::size_t room = 0;
    Skew skew;
    Skew wander;  // how far its rate may wander from the skew
    CallbackLateness lateness;
    double missed_callbacks = 0.0;  // a probability
    Span plays;                     // joins and leaves
    std::optional<Span> outage;
    // Its program dies without a word, and is started anew: from another port, with other packet numbers.
    std::optional<Span> crash;
    std::vector<Instant> rebinds;  // its NAT gives it another port; the old one leads nowhere
    // Fields that it should leave alone hold anything, as in the earlier programs.
    bool legacy = false;
    std::optional<SequenceNumber> first_sequence;  // else drawn from the seed
    SoundConfig sound;
    LinkConfig up;
    LinkConfig down;
    std::vector<LinkPhase> phases;  // each later than the one before
};

enum class AttackKind : std::uint8_t {
    join,     // well-formed packets, each source with an id of its own and a guessed cookie
    garbage,  // random bytes
    theft,    // joins with the id of its victim
    replay,   // the latest packets of its victim, cookies and all, from its own sources
    loris     // answers the challenge, and sends no more than keeps it a member
};

// Sits next to the server: its datagrams arrive as they are sent.
struct AttackerConfig {
    std::string name{};
    AttackKind kind = AttackKind::join;
    std::size_t room = 0;
    std::size_t victim = 0;  // which player; of thefts and replays
    std::size_t sources = 1;
    double datagrams_per_second = 1000.0;
    std::vector<std::size_t> sizes{540};         // of the datagrams, in turn
    std::optional<std::uint16_t> source_port{};  // else one of each source's own
    Span attacks;
};

enum class Subject : std::uint8_t { streams, players, server, attackers };

// Bounds for all streams, players or attackers, or for the named ones only.
struct Expectation {
    Subject subject = Subject::streams;
    std::vector<std::string> names{};  // of listeners, players or attackers; empty: all
    std::vector<std::string> senders{};
    std::optional<std::string> connection{};  // of players
    std::vector<Bound> bounds{};
    int line = 0;
};

struct Scenario {
    std::string file;
    std::string name;
    std::string description;
    Duration duration{0};
    Instant measure_from{};
    std::uint64_t seed = 1;
    ServerConfig server;
    std::vector<PlayerConfig> players;
    std::vector<AttackerConfig> attackers;
    std::vector<Expectation> expectations;
};

inline constexpr std::size_t attackers_limit = 16;
inline constexpr std::size_t phases_limit = 256;
inline constexpr std::size_t rebinds_limit = 64;
inline constexpr std::size_t rooms_limit = 16;
inline constexpr std::size_t attack_sources_limit = 1'000'000;

// Whether a line may flip bits that nobody finds out: then what is heard need not be what was sent.
bool flips_bits(const Scenario& scenario);

// The error is one line: file, line, key, and what was expected. Without a reader, players with sound files
// are such an error.
Expected<Scenario, std::string> load_scenario(const std::string& file, SoundReader sounds = nullptr);
// `file` is for the errors, the replay command, and the name if the scenario has none.
Expected<Scenario, std::string> parse_scenario(std::string_view toml, const std::string& file,
                                               SoundReader sounds = nullptr);

}  // namespace rtjam::sim
