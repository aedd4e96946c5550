// What a client says, without its connection: arbitrary bytes are decoded as a
// request, and their payload is bound to a struct that has members of every
// kind. Whatever is accepted must be what RapidJSON reads and must survive
// being written; whatever is refused is refused with a sentence for the client.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include <rapidjson/document.h>

#include "flamigo/error/error.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/wire/envelope.hpp"
#include "support/json_types.hpp"
#include "support/more_json_types.hpp"

namespace {

using namespace flamigo;

/// Every kind of member, each of them optional so that it is reached alone.
struct anything {
  std::optional<shop::order> order;
  std::optional<shop::sampler> sampler;
  std::optional<shop::page<shop::item>> page;
  std::optional<shop::tree> tree;
  std::optional<shop::nothing> nothing;
  std::optional<double> real;
  std::optional<std::int64_t> whole;
  std::optional<club::meeting> meeting;
};

BOOST_DESCRIBE_STRUCT(anything, (),
                      (order, sampler, page, tree, nothing, real, whole,
                       meeting))

void require(bool condition) {
  if (!condition)
    std::abort();
}

void require_error(const caf::error& err, errc code) {
  require(err == code && !public_message(err).empty());
}

// -- the oracle ---------------------------------------------------------------

std::string_view view_of(const rapidjson::Value& x) {
  return {x.GetString(), x.GetStringLength()};
}

/// Null if there is a number that no double holds, which RapidJSON refuses.
rapidjson::Document parse(std::string_view text) {
  rapidjson::Document result;
  result.Parse<rapidjson::kParseValidateEncodingFlag>(text.data(), text.size());
  require(!result.HasParseError()
          || result.GetParseError() == rapidjson::kParseErrorNumberTooBig);
  return result;
}

/// A string of 1 to 128 bytes, or an integer of any size.
void check_token(std::string_view token) {
  require(is_json(token));
  if (token.front() == '"') {
    auto text = from_json<std::string>(token);
    require(text && !text->empty()
            && text->size() <= envelope_decoder::max_ack_id);
    return;
  }
  if (token.front() == '-')
    token.remove_prefix(1);
  require(!token.empty() && std::all_of(token.begin(), token.end(), [](char c) {
    return c >= '0' && c <= '9';
  }));
}

void check_topic(std::string_view topic) {
  require(!topic.empty() && topic.size() <= envelope_decoder::max_topic);
  // Only valid UTF-8 is written as it is.
  auto back = from_json<std::string>(to_json(topic));
  require(back && *back == topic);
}

// -- what is checked ----------------------------------------------------------

/// The error that the client gets is a frame itself.
void check_refusal(const caf::error& err, std::string_view ack_id) {
  std::string frame;
  append_error(frame, err, ack_id, true);
  envelope_decoder decoder;
  client_request req;
  require(!decoder.decode(frame, req));
  require(req.topic == "error" && req.ack_id == ack_id);
}

void check_response(const client_request& req) {
  std::string frame;
  append_response(frame, req.topic, req.payload, req.ack_id);
  envelope_decoder decoder;
  client_request back;
  require(!decoder.decode(frame, back));
  require(back.topic == req.topic && back.payload == req.payload
          && back.ack_id == req.ack_id);
}

/// What the frame's decoder has taken apart says the same as the text.
void check_tokens(const client_request& req) {
  if (req.payload_tokens == nullptr)
    return;
  require(req.payload_tokens->slice() == req.payload);
  anything by_tokens;
  anything by_text;
  auto err = detail::bind_json(*req.payload_tokens, by_tokens);
  require(to_string(err) == to_string(from_json(req.payload, by_text)));
  require(to_json(by_tokens) == to_json(by_text));
}

void check_binding(std::string_view payload) {
  auto raw = from_json<raw_json>(payload);
  require(raw && raw->text == payload && to_json(*raw) == payload);
  anything value;
  if (auto err = from_json(payload, value)) {
    require_error(err, errc::invalid_payload);
    auto fields = field_errors_of(err).size();
    require(fields > 0 && fields <= detail::json_binder::max_errors);
    return check_refusal(err, {});
  }
  auto text = to_json(value);
  anything back;
  require(!from_json(text, back));
  if (value.sampler) {
    // Has no order to keep.
    require(back.sampler && back.sampler->lists == value.sampler->lists);
    back.sampler->lists = value.sampler->lists;
  }
  require(to_json(back) == text);
}

void check_answer(std::string_view frame) {
  client_answer what;
  if (auto err = read_answer(frame, what))
    return require_error(err, errc::malformed);
  if (!what.failure)
    return require(is_json(what.payload));
  auto status = status_of(what.failure);
  require(status >= 400 && status <= 599);
  check_refusal(what.failure, {});
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  std::string_view frame{reinterpret_cast<const char*>(data), size};
  envelope_decoder decoder;
  client_request req;
  auto err = decoder.decode(frame, req);
  if (!req.ack_id.empty())
    check_token(req.ack_id);
  if (err) {
    require_error(err, errc::malformed);
    check_refusal(err, req.ack_id);
    return 0;
  }
  if (req.is_answer) {
    check_answer(frame);
    return 0;
  }
  check_topic(req.topic);
  require(is_json(req.payload));
  auto oracle = parse(frame);
  if (!oracle.IsNull()) {
    require(oracle.IsObject() && view_of(oracle["topic"]) == req.topic);
    require(oracle.HasMember("ackId") == !req.ack_id.empty());
  }
  check_tokens(req);
  check_response(req);
  check_binding(req.payload);
  return 0;
}
