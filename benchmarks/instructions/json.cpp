#include <string>

#include "flamigo/json/json.hpp"
#include "flamigo/wire/client_request.hpp"
#include "flamigo/wire/decoding_space.hpp"
#include "flamigo/wire/wire_format.hpp"
#include "messages.hpp"
#include "scenarios.hpp"

namespace {

class json final : public scenario {
public:
  bool run(int rounds) override {
    for (int i = 0; i < rounds; ++i) {
      flamigo::decoding_space space;
      flamigo::client_request req;
      if (flamigo::flamigo_format().decode(post_frame, space, req))
        return false;
      post in;
      if (flamigo::detail::bind_json(*req.payload_tokens, in)
          || in.room != "general")
        return false;
      out_ = flamigo::to_json(posted{in.text.size()});
    }
    return out_ == R"({"id":43})";
  }

private:
  std::string out_;
};

} // namespace

std::unique_ptr<scenario> make_json() {
  return std::make_unique<json>();
}
