#include <string>

#include "flamigo/json/json.hpp"
#include "flamigo/wire/envelope.hpp"
#include "flamigo/wire/request.hpp"
#include "messages.hpp"
#include "scenarios.hpp"

namespace {

class json final : public scenario {
public:
  bool run(int rounds) override {
    for (int i = 0; i < rounds; ++i) {
      flamigo::request req;
      if (decoder_.decode(post_frame, req))
        return false;
      auto in = flamigo::from_json<post>(req.payload);
      if (!in || in->room != "general")
        return false;
      out_ = flamigo::to_json(posted{in->text.size()});
    }
    return out_ == R"({"id":43})";
  }

private:
  flamigo::envelope_decoder decoder_;
  std::string out_;
};

} // namespace

std::unique_ptr<scenario> make_json() {
  return std::make_unique<json>();
}
