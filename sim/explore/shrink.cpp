#include "sim/explore/shrink.hpp"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sim/explore/shrink_changes.hpp"
#include "sim/scenario_writer.hpp"

namespace rtjam::sim {

Scenario shrink(const Scenario& scenario, const std::function<bool(const Scenario&)>& fails) {
    Scenario smallest = scenario;
    std::string smallest_text = scenario_text(scenario);
    std::set<std::string> tried{smallest_text};
    for (bool smaller = true; smaller;) {
        smaller = false;
        std::vector<Change> changes = changes_of(smallest);
        for (std::size_t i = 0; i < changes.size();) {
            Scenario candidate = smallest;
            changes[i](candidate);
            std::string text = scenario_text(candidate);
            // What takes more words is no simpler, and would lead round in circles.
            if (text.size() > smallest_text.size() || !tried.insert(text).second) {
                ++i;
                continue;
            }
            if (tried.size() > shrink_runs_max + 1) return smallest;
            if (!fails(candidate)) {
                ++i;
                continue;
            }
            smallest = std::move(candidate);
            smallest_text = std::move(text);
            smaller = true;
            changes = changes_of(smallest);
        }
    }
    return smallest;
}

}  // namespace rtjam::sim
