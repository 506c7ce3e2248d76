#include "sim/quality/quality_report.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <ostream>

namespace rtjam::sim::quality {
namespace {

using Json = nlohmann::ordered_json;

void print_concealment(const QualityResults& results, std::ostream& out) {
    out << "concealment: median over " << results.channels.size() << " channels, packets of "
        << trial_packet.count() << " frames, seed " << results.seed << '\n'
        << "  loss           method        SER damaged dB   SER whole dB   LSD dB   worst click dBFS\n";
    for (const LineResult& line : results.concealment) {
        for (const LineResult::OfMethod& each : line.by_method) {
            std::array<char, 160> text{};
            std::snprintf(text.data(), text.size(),
                          "  %2d %% %-8s  %-12s  %14.2f   %12.2f   %6.2f   %16.1f\n", line.loss_percent,
                          std::string{name_of(line.kind)}.c_str(), std::string{name_of(each.method)}.c_str(),
                          each.summary.ser_db, each.summary.ser_whole_db, each.summary.lsd_db,
                          each.summary.click_dbfs);
            out << text.data();
        }
    }
}

void print_jumps(const QualityResults& results, std::ostream& out) {
    out << "jumps of the playout: over all channels\n"
        << "  jump             ms   splices   worst click dBFS\n";
    for (const JumpResult& each : results.jumps) {
        std::array<char, 80> text{};
        std::snprintf(text.data(), text.size(), "  %-13s  %4d   %7d   %16.1f\n",
                      std::string{name_of(each.jump)}.c_str(), each.length_ms, each.splices, each.click_dbfs);
        out << text.data();
    }
}

void print_tones(const ResamplerResults& resampler, std::ostream& out) {
    out << "resampler: THD+N in dB, waits for " << resampler.lookahead.count() << " frames\n"
        << "     tone Hz";
    for (const Motion motion : motions) out << "   " << name_of(motion);
    out << '\n';
    for (const ToneResult& tone : resampler.tones) {
        std::array<char, 80> text{};
        std::snprintf(text.data(), text.size(), "  %10.0f   %14.1f   %11.1f   %12.1f\n", tone.hertz,
                      tone.by_motion[0].thd_n_db, tone.by_motion[1].thd_n_db, tone.by_motion[2].thd_n_db);
        out << text.data();
    }
}

// Every second kilohertz has the worst of all that is below it.
void print_responses(const ResamplerResults& resampler, std::ostream& out) {
    out << "resampler: worst of all fractions and lower frequencies\n"
        << "    up to Hz   gain dB, least    most   place off by frames\n";
    ResponseResult worst{.hertz = 0.0};
    for (const ResponseResult& each : resampler.responses) {
        worst = {.hertz = each.hertz,
                 .gain_db_min = std::min(worst.gain_db_min, each.gain_db_min),
                 .gain_db_max = std::max(worst.gain_db_max, each.gain_db_max),
                 .late_frames_max = std::max(worst.late_frames_max, each.late_frames_max)};
        if (std::fmod(each.hertz, 2000.0) != 0.0) continue;
        std::array<char, 80> text{};
        std::snprintf(text.data(), text.size(), "  %10.0f   %14.3f   %5.3f   %19.6f\n", worst.hertz,
                      worst.gain_db_min, worst.gain_db_max, worst.late_frames_max);
        out << text.data();
    }
}

// Three decimals are more than is meant; six for samples.
double rounded(double value, double unit = 1e-3) {
    return std::round(value / unit) * unit;
}

Json json_of(const Scores& scores) {
    return {{"ser_db", rounded(scores.ser_db)},
            {"ser_whole_db", rounded(scores.ser_whole_db)},
            {"lsd_db", rounded(scores.lsd_db)},
            {"click_dbfs", rounded(scores.click_dbfs)}};
}

Json json_of(const LineResult& line, const std::vector<std::string>& channels) {
    Json object{
        {"loss_percent", line.loss_percent}, {"pattern", name_of(line.kind)}, {"methods", Json::array()}};
    for (const LineResult::OfMethod& each : line.by_method) {
        Json method{{"method", name_of(each.method)}};
        method.update(json_of(each.summary));
        method["channels"] = Json::array();
        for (std::size_t i = 0; i < each.by_channel.size(); ++i) {
            Json channel{{"channel", channels.at(i)}};
            channel.update(json_of(each.by_channel[i]));
            method["channels"].push_back(std::move(channel));
        }
        object["methods"].push_back(std::move(method));
    }
    return object;
}

Json json_of(const std::vector<float>& samples) {
    Json array = Json::array();
    for (const float sample : samples) array.push_back(rounded(static_cast<double>(sample), 1e-6));
    return array;
}

Json json_of(const CloseUp& close_up) {
    Json object{{"sound", close_up.sound},
                {"begin_frame", close_up.begin.frames()},
                {"gap_begin_frame", close_up.gap.begin.frames()},
                {"gap_end_frame", close_up.gap.end.frames()},
                {"sent", json_of(close_up.sent)},
                {"played", Json::object()}};
    for (std::size_t i = 0; i < methods.size(); ++i) {
        object["played"][std::string{name_of(methods[i])}] = json_of(close_up.played[i]);
    }
    return object;
}

Json json_of(const JumpResult& result) {
    return {{"jump", name_of(result.jump)},
            {"length_ms", result.length_ms},
            {"splices", result.splices},
            {"click_dbfs", rounded(result.click_dbfs)}};
}

Json json_of(const ResamplerResults& resampler) {
    Json object{{"lookahead_frames", resampler.lookahead.count()},
                {"tones", Json::array()},
                {"responses", Json::array()}};
    for (const ToneResult& tone : resampler.tones) {
        Json of_tone{{"hertz", tone.hertz}, {"motions", Json::array()}};
        for (std::size_t i = 0; i < motions.size(); ++i) {
            of_tone["motions"].push_back({{"motion", name_of(motions[i])},
                                          {"thd_n_db", rounded(tone.by_motion[i].thd_n_db)},
                                          {"error_db", rounded(tone.by_motion[i].error_db)}});
        }
        object["tones"].push_back(std::move(of_tone));
    }
    for (const ResponseResult& each : resampler.responses) {
        object["responses"].push_back({{"hertz", each.hertz},
                                       {"gain_db_min", rounded(each.gain_db_min, 1e-6)},
                                       {"gain_db_max", rounded(each.gain_db_max, 1e-6)},
                                       {"late_frames_max", rounded(each.late_frames_max, 1e-9)}});
    }
    return object;
}

}  // namespace

void print_table(const QualityResults& results, std::ostream& out) {
    print_concealment(results, out);
    print_jumps(results, out);
    print_tones(results.resampler, out);
    print_responses(results.resampler, out);
    for (const std::string& failure : results.failures) out << "FAILED " << failure << '\n';
    if (!results.failures.empty()) out << "to replay: " << results.replay << '\n';
}

void print_json(const QualityResults& results, std::ostream& out) {
    Json document{{"passed", results.failures.empty()},
                  {"failures", results.failures},
                  {"seed", results.seed},
                  {"packet_frames", trial_packet.count()},
                  {"concealment", Json::array()},
                  {"close_ups", Json::array()},
                  {"jumps", Json::array()},
                  {"resampler", json_of(results.resampler)}};
    for (const LineResult& line : results.concealment) {
        document["concealment"].push_back(json_of(line, results.channels));
    }
    for (const CloseUp& each : results.close_ups) document["close_ups"].push_back(json_of(each));
    for (const JumpResult& each : results.jumps) document["jumps"].push_back(json_of(each));
    // Names come from files: what is not UTF-8 in them is replaced rather than refused.
    out << document.dump(1, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace rtjam::sim::quality
