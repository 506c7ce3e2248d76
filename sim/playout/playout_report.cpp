#include "sim/playout/playout_report.hpp"

#include <ostream>
#include <vector>

#include "sim/json_number.hpp"
#include "sim/text_table.hpp"

namespace rtjam::sim {
namespace {

using Json = nlohmann::ordered_json;

TableRow row_of(const std::string& name, const TraceFigures& figures) {
    return {name,
            number_text(figures.added_delay_ms, 2),
            number_text(figures.excess_bad_percent, 3),
            number_text(figures.j20, 2),
            number_text(figures.j5, 2),
            number_text(figures.j20_limit, 2),
            number_text(figures.r, 2),
            number_text(figures.r_strict, 2),
            number_text(figures.r_reactive, 2),
            number_text(figures.slips, 1),
            number_text(figures.concealed_frames, 0),
            number_text(figures.skipped_frames, 0),
            number_text(figures.bent_percent, 1),
            number_text(figures.late_packets, 0),
            number_text(figures.reconverge_ms, 0),
            number_text(figures.delay_deviation_max_ms, 2)};
}

TraceFigures mean_of_reports(std::span<const TraceReport> reports) {
    std::vector<TraceFigures> all;
    for (const TraceReport& report : reports) all.push_back(report.figures);
    return mean_of(all);
}

void add_figures(Json& object, const TraceFigures& figures) {
    for (const Metric<TraceFigures>& figure : trace_metrics()) {
        object[std::string{figure.name}] = json_number(figures.*(figure.value));
    }
}

}  // namespace

void print_playout_table(std::span<const TraceReport> reports, std::ostream& out) {
    std::vector<TableRow> rows{{"trace", "added ms", "excess bad %", "J(20)", "J(5)", "J*", "R", "R strict",
                                "R reactive", "slips", "concealed", "skipped", "bent %", "late",
                                "reconverge ms", "deviation ms"}};
    for (const TraceReport& report : reports) rows.push_back(row_of(report.trace, report.figures));
    if (reports.size() > 1) rows.push_back(row_of("mean (R: geometric)", mean_of_reports(reports)));
    print_rows(rows, out);
}

void print_playout_json(std::span<const TraceReport> reports, std::ostream& out) {
    Json document;
    document["traces"] = Json::array();
    for (const TraceReport& report : reports) {
        Json object{{"trace", report.trace}, {"file", report.file}};
        add_figures(object, report.figures);
        document["traces"].push_back(std::move(object));
    }
    document["summary"] = Json{{"traces", reports.size()}};
    add_figures(document["summary"], mean_of_reports(reports));
    // Names come from files: what is not UTF-8 in them is replaced rather than refused.
    out << document.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace rtjam::sim
