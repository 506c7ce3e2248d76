#include "sim/tc_text.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <ostream>
#include <sstream>

#include "sim/toml_reader.hpp"

namespace rtjam::sim {
namespace {

constexpr std::array<const char*, 5> distribution_names{"uniform", "normal", "pareto", "paretonormal",
                                                        "gamma"};

std::string percent_text(double probability) {
    std::ostringstream text;
    text << probability * 100.0 << '%';
    return text.str();
}

std::string chance_text(const char* word, const Chance& chance) {
    if (chance.probability == 0.0) return "";
    const std::string text = std::string{" "} + word + " " + percent_text(chance.probability);
    return chance.correlation == 0.0 ? text : text + " " + percent_text(chance.correlation);
}

// What a shell does not look into, of a file's name.
std::string word_of(const std::string& name) {
    std::string word;
    std::copy_if(name.begin(), name.end(), std::back_inserter(word), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-';
    });
    return word;
}

std::string distribution_text(const LinkConfig& link, std::vector<std::string>& remarks) {
    if (link.jitter == Duration{0} || link.distribution == Distribution::uniform) return "";
    if (link.distribution == Distribution::table) {
        remarks.push_back(link.table.file + " has to be in tc's own folder");
        return " distribution " + word_of(std::filesystem::path{link.table.file}.stem().string());
    }
    if (link.distribution == Distribution::gamma) {
        remarks.emplace_back("no gamma distribution: paretonormal is nearest");
        return " distribution paretonormal";
    }
    return std::string{" distribution "} + distribution_names[static_cast<std::size_t>(link.distribution)];
}

std::string delay_text(const LinkConfig& link, std::vector<std::string>& remarks) {
    if (link.delay == Duration{0} && link.jitter == Duration{0}) return "";
    std::string text = " delay " + duration_text(link.delay);
    if (link.jitter == Duration{0}) return text;
    text += " " + duration_text(link.jitter);
    if (link.jitter_correlation > 0.0) text += " " + percent_text(link.jitter_correlation);
    if (link.keep_order) remarks.emplace_back("jitter keeps the order here, but reorders in netem");
    return text + distribution_text(link, remarks);
}

std::string loss_text(const LinkConfig& link, std::vector<std::string>& remarks) {
    if (!link.gemodel) return chance_text("loss", link.loss);
    if (link.loss.probability > 0.0)
        remarks.push_back("no other loss beside a gemodel: " + percent_text(link.loss.probability) + " more");
    const GilbertElliott& model = *link.gemodel;
    return " loss gemodel " + percent_text(model.p) + " " + percent_text(model.r) + " " +
           percent_text(model.one_minus_h) + " " + percent_text(model.one_minus_k);
}

std::string rate_text(const BottleneckConfig& bottleneck, std::vector<std::string>& remarks) {
    if (bottleneck.rate == BitRate{}) return "";
    remarks.emplace_back("netem's limit counts what is on its way, too");
    const CompetingTraffic& cross = bottleneck.cross_traffic;
    if (cross.rate > BitRate{}) {
        remarks.push_back("no cross traffic: " + bit_rate_text(cross.rate) + " of 1500-byte packets, about " +
                          duration_text(cross.on) + " on and " + duration_text(cross.off) + " off");
    }
    return " limit " + std::to_string(bottleneck.limit) + " rate " + bit_rate_text(bottleneck.rate);
}

// Names come from a file: in a comment nothing of them may begin another line.
std::string one_line(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    return text;
}

struct Change {
    Instant at;
    LinkConfig link;
    bool cut = false;
};

// What one direction is like, in the order of time; the first from the beginning on.
std::vector<Change> changes_of(const PlayerConfig& player, bool up) {
    std::vector<Instant> times{Instant{}};
    for (const LinkPhase& phase : player.phases) times.push_back(phase.from);
    if (player.outage) times.insert(times.end(), {player.outage->from, player.outage->to});
    std::sort(times.begin(), times.end());
    times.erase(std::unique(times.begin(), times.end()), times.end());
    std::vector<Change> changes;
    for (const Instant at : times) {
        LinkConfig link = up ? player.up : player.down;
        for (const LinkPhase& phase : player.phases) {
            if (phase.from <= at) link = up ? phase.up : phase.down;
        }
        changes.push_back({.at = at, .link = link, .cut = player.outage && player.outage->contains(at)});
    }
    return changes;
}

// What a netem has that `tc qdisc change` leaves as it was if it does not name it; it resets all else.
// Source: netem_change() in Linux, net/sched/sch_netem.c. Naming one correlation names those of delay, loss
// and duplicates all; that of what is corrupted goes with its chance.
struct Kept {
    bool rate;
    bool corrupt;
    bool correlation;
    bool distribution;
};

Kept kept_of(const LinkConfig& link) {
    const bool varies = link.jitter > Duration{0};
    const auto correlated = [](const Chance& each) {
        return each.probability > 0.0 && each.correlation > 0.0;
    };
    return {.rate = link.bottleneck.rate > BitRate{},
            .corrupt = link.corrupt.probability > 0.0,
            .correlation = (varies && link.jitter_correlation > 0.0) ||
                           (!link.gemodel && correlated(link.loss)) || correlated(link.duplicate),
            .distribution = varies && link.distribution != Distribution::uniform};
}

bool ends_what_is_kept(const LinkConfig& before, const LinkConfig& link) {
    const Kept had = kept_of(before);
    const Kept has = kept_of(link);
    return (had.rate && !has.rate) || (had.corrupt && !has.corrupt) ||
           (had.correlation && !has.correlation) || (had.distribution && !has.distribution);
}

void print_direction(const PlayerConfig& player, bool up, const std::string& device, std::ostream& out) {
    LinkConfig before;
    for (const Change& change : changes_of(player, up)) {
        const bool first = change.at == Instant{};
        if (!first) out << "# at " << duration_text(change.at.time_since_epoch()) << ":\n";
        const NetemWords words = netem_words(change.link, change.cut);
        for (const std::string& remark : words.remarks) out << "# " << one_line(remark) << '\n';
        const bool anew = !first && ends_what_is_kept(before, change.link);
        if (anew) {
            out << "# what is on its way is lost: a change cannot end all that ends here\n"
                << "tc qdisc del dev \"$" << device << "\" root\n";
        }
        out << "tc qdisc " << (first || anew ? "add" : "change") << " dev \"$" << device << "\" root netem"
            << words.arguments << '\n';
        before = change.link;
    }
}

}  // namespace

NetemWords netem_words(const LinkConfig& link, bool cut) {
    NetemWords words;
    words.arguments = rate_text(link.bottleneck, words.remarks) + delay_text(link, words.remarks) +
                      (cut ? " loss 100%" : loss_text(link, words.remarks)) +
                      chance_text("duplicate", link.duplicate) + chance_text("corrupt", link.corrupt);
    if (link.corrupt.probability > 0.0 && !link.udp_checksum)
        words.remarks.emplace_back("UDP's checksum has to be off for flipped bits to arrive");
    if (link.reorder.probability > 0.0) {
        words.remarks.push_back("no word for what takes longer: " + percent_text(link.reorder.probability) +
                                " by " + duration_text(link.reorder_extra) +
                                "; netem's reorder sends some without delay");
    }
    if (link.trace.content)
        words.remarks.push_back("no replay of a trace: " + (link.kind.empty() ? link.trace.file : link.kind));
    return words;
}

void print_tc(const Scenario& scenario, std::ostream& out) {
    out << "# " << one_line(scenario.name)
        << ": UP_1 is the interface that sends what player 1 sends towards the\n"
        << "# server, DOWN_1 the one that sends towards player 1, and so on.\n";
    for (std::size_t i = 0; i < scenario.players.size(); ++i) {
        const PlayerConfig& player = scenario.players[i];
        const std::string number = std::to_string(i + 1);
        out << "\n# player " << number << ": " << one_line(player.name) << '\n';
        print_direction(player, true, "UP_" + number, out);
        print_direction(player, false, "DOWN_" + number, out);
    }
}

}  // namespace rtjam::sim
