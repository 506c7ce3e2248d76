#include "sim/quality/methods.hpp"

#include "core/playout/concealment.hpp"
#include "sim/quality/rivals.hpp"

namespace rtjam::sim::quality {
namespace {

// The one that RTJam's listeners hear.
class Ours final : public Concealer {
public:
    void play(AudioOutput real) override { concealment_.play(real); }
    void conceal(AudioOutput missing) override { concealment_.conceal(missing); }

private:
    Concealment concealment_{sample_rate_48k};
};

}  // namespace

std::unique_ptr<Concealer> make_concealer(Method method) {
    switch (method) {
        case Method::silence:
            return std::make_unique<SilenceFill>();
        case Method::repetition:
            return std::make_unique<Repetition>();
        case Method::burg_255_256:
            return std::make_unique<ShortBurg>();
        case Method::rtjam:
            break;
    }
    return std::make_unique<Ours>();
}

}  // namespace rtjam::sim::quality
