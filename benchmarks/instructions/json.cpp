#include <string>

#include "flamigo/json/json.hpp"
#include "flamigo/wire/client_request.hpp"
#include "flamigo/wire/envelope.hpp"
#include "messages.hpp"
#include "scenarios.hpp"

namespace {

class json final : public scenario {
public:
  bool run(int rounds) override {
    for (int i = 0; i < rounds; ++i) {
      flamigo::envelope_decoder decoder;
      flamigo::client_request req;
      if (decoder.decode(post_frame, req))
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
