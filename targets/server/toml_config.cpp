#include "targets/server/toml_config.hpp"

#include <toml++/toml.h>

#include <optional>
#include <sstream>
#include <string_view>

namespace rtjam {

namespace {

// As the command line would have it; empty for what no option is: a table, a date, an array of arrays.
std::optional<std::string> text_of(const toml::node& value) {
    if (const auto* text = value.as_string()) return text->get();
    if (const auto* truth = value.as_boolean()) return truth->get() ? "true" : "false";
    if (!value.is_number()) return std::nullopt;
    std::ostringstream text;
    if (const auto* whole = value.as_integer()) text << whole->get();
    if (const auto* number = value.as_floating_point()) text << number->get();
    return text.str();
}

CLI::ConfigItem item_of(std::string_view key, const toml::node& value) {
    CLI::ConfigItem item;
    item.name = key;
    const auto add = [&](const toml::node& one) {
        const auto text = text_of(one);
        if (!text)
            throw CLI::ConfigError("the configuration's " + item.name + " is neither text nor a number");
        item.inputs.push_back(*text);
    };
    if (const auto* array = value.as_array()) {
        for (const toml::node& one : *array) add(one);
    } else {
        add(value);
    }
    return item;
}

bool is_number_or_truth(const std::string& text) {
    double number = 0.0;
    return text == "true" || text == "false" || CLI::detail::lexical_cast(text, number);
}

std::string quoted(const std::string& text) {
    return is_number_or_truth(text) ? text : '"' + text + '"';
}

std::string value_of(const CLI::Option& option) {
    const std::vector<std::string>& results = option.results();
    if (option.get_items_expected_max() <= 1) {
        return quoted(results.empty() ? option.get_default_str() : results.back());
    }
    std::string list;
    for (const std::string& one : results) list += (list.empty() ? "" : ", ") + quoted(one);
    return "[" + list + "]";
}

}  // namespace

std::string TomlConfig::to_config(const CLI::App* app, bool /*default_also*/, bool /*write_description*/,
                                  std::string /*prefix*/) const {
    std::string text;
    for (const CLI::Option* option : app->get_options()) {
        if (!option->get_configurable() || option->get_lnames().empty()) continue;
        if (!text.empty()) text += "\n";
        text += "# " + option->get_description() + "\n";
        text += option->get_lnames().front() + " = " + value_of(*option) + "\n";
    }
    return text;
}

std::vector<CLI::ConfigItem> TomlConfig::from_config(std::istream& input) const {
    std::string text(file_bytes_max + 1, '\0');
    input.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(input.gcount()));
    if (text.size() > file_bytes_max) throw CLI::ConfigError("the configuration is longer than 65536 bytes");
    std::vector<CLI::ConfigItem> found;
    try {
        const toml::table table = toml::parse(text);
        for (const auto& [key, value] : table) {
            // An empty list says what saying nothing says; the command line has no words for it.
            if (const auto* list = value.as_array(); list != nullptr && list->empty()) continue;
            found.push_back(item_of(key.str(), value));
        }
    } catch (const toml::parse_error& error) {
        throw CLI::ConfigError("the configuration's line " + std::to_string(error.source().begin.line) +
                               ": " + std::string{error.description()});
    }
    return found;
}

}  // namespace rtjam
