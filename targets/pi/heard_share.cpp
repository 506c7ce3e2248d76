#include "targets/pi/heard_share.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "core/base/rng.hpp"
#include "core/wire/sample_codec.hpp"

namespace rtjam {
namespace {

constexpr std::size_t block = 64;
constexpr std::size_t blocks_min = std::size_t{2} * 48000 / block;
// A slew of 0.5 % moves a block by a third of a frame; what was concealed in between may hide more.
constexpr std::size_t reach = 48;
// A jump moves it by up to this. To look so far takes long: it is done for one block of some that are
// missing.
constexpr std::size_t jump_reach = 4800;
constexpr std::size_t blocks_before_looking_far = 4;
// Between two frames the noise is more like either than this, and a guess at it less.
constexpr double alike = 0.9;

// Noise does not repeat: four samples in a row are a mark that is found again wherever the delay put it.
using Mark = std::array<float, 4>;

Mark mark_at(const StereoSound& sound, std::size_t i) {
    return {sound.left[i], sound.left[i + 1], sound.left[i + 2], sound.left[i + 3]};
}

std::vector<float> one_side(Rng& rng, std::size_t frames) {
    constexpr std::size_t averaged = 8;
    std::array<std::uint32_t, averaged> last{};
    std::vector<float> side;
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < frames + averaged; ++i) {
        std::uint32_t& place = last[i % averaged];
        sum -= place;
        place = static_cast<std::uint32_t>(16384 + rng.below(32768));
        sum += place;
        if (i >= averaged) side.push_back(decode_sample(static_cast<std::uint16_t>(sum / averaged)));
    }
    return side;
}

double likeness(std::span<const float> a, std::span<const float> b) {
    double product = 0.0;
    double energy_a = 1e-9;
    double energy_b = 1e-9;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double x = a[i];
        const double y = b[i];
        product += x * y;
        energy_a += x * x;
        energy_b += y * y;
    }
    return product / std::sqrt(energy_a * energy_b);
}

class Search {
public:
    Search(const StereoSound& played, const StereoSound& heard) : played_(played), heard_(heard) {
        for (std::size_t i = 0; i + block <= heard.left.size(); ++i) heard_at_.emplace(mark_at(heard, i), i);
    }

    // Where the recording has the block that begins at i, to the bit.
    std::optional<std::size_t> exact(std::size_t i) const {
        const auto found = heard_at_.find(mark_at(played_, i));
        if (found == heard_at_.end() || !is_equal(i, found->second)) return std::nullopt;
        return found->second;
    }

    // Where, within [from, to], it is most like that block, if it is alike.
    std::optional<std::size_t> alike_within(std::size_t i, std::size_t from, std::size_t to) const {
        std::optional<std::size_t> best;
        double most = alike;
        for (std::size_t at = from; at <= to; ++at) {
            if (at + block > heard_.left.size()) break;
            const double least = std::min(likeness(part(played_.left, i), part(heard_.left, at)),
                                          likeness(part(played_.right, i), part(heard_.right, at)));
            if (least <= most) continue;
            most = least;
            best = at;
        }
        return best;
    }

private:
    static std::span<const float> part(const std::vector<float>& side, std::size_t from) {
        return std::span{side}.subspan(from, block);
    }
    bool is_equal(std::size_t i, std::size_t at) const {
        return std::ranges::equal(part(played_.left, i), part(heard_.left, at)) &&
               std::ranges::equal(part(played_.right, i), part(heard_.right, at));
    }

    const StereoSound& played_;
    const StereoSound& heard_;
    std::map<Mark, std::size_t> heard_at_;
};

}  // namespace

StereoSound smooth_noise(std::uint64_t seed, std::size_t frames) {
    Rng rng{seed};
    StereoSound sound;
    sound.left = one_side(rng, frames);
    sound.right = one_side(rng, frames);
    return sound;
}

double share_heard(const StereoSound& played, const StereoSound& heard) {
    const Search search{played, heard};
    std::optional<std::size_t> first;
    std::size_t after_last = 0;
    std::size_t expected = 0;
    std::size_t found = 0;
    std::size_t found_at_last = 0;
    std::size_t missing = 0;   // blocks in a row
    std::size_t heard_to = 0;  // nothing is heard before what came before it
    const auto near = [&](std::size_t i, std::size_t within) {
        return search.alike_within(i, std::max(heard_to, expected - std::min(expected, within)),
                                   expected + within);
    };
    for (std::size_t i = 0; i + block <= played.left.size(); i += block, expected += block) {
        const auto exact = search.exact(i);
        auto at = exact || !first ? exact : near(i, reach);
        if (!at && first && ++missing % blocks_before_looking_far == 0) at = near(i, jump_reach);
        if (!at) continue;
        if (!first) first = i / block;
        missing = 0;
        expected = *at;
        heard_to = *at + block - reach;
        ++found;
        if (!exact) continue;
        after_last = i / block + 1;
        found_at_last = found;
    }
    if (!first || after_last - *first < blocks_min) return 0.0;
    return static_cast<double>(found_at_last) / static_cast<double>(after_last - *first);
}

}  // namespace rtjam
