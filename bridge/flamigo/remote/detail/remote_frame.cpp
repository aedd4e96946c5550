#include "flamigo/remote/detail/remote_frame.hpp"

#include <vector>

#include "flamigo/error/detail/onion.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/error/field_error.hpp"

namespace flamigo::detail {

namespace {

struct error_text {
  std::string message;
  std::optional<int> status;
  std::optional<std::string> code;
  std::optional<std::vector<field_error>> fieldErrors; // NOLINT
  std::optional<std::int64_t> retryAfterMs;            // NOLINT
  std::optional<std::string> trace;
};

BOOST_DESCRIBE_STRUCT(error_text, (),
                      (message, status, code, fieldErrors, retryAfterMs, trace))

} // namespace

const std::string& remote_frame::json() const noexcept {
  static const std::string nothing = "null";
  return payload ? payload->text : nothing;
}

std::string request_text(std::string_view topic, std::string_view payload,
                         std::string_view ack_id) {
  std::string result = R"({"topic":)";
  append_json(result, topic);
  result.append(R"(,"payload":)").append(payload);
  if (!ack_id.empty()) {
    result += R"(,"ackId":)";
    append_json(result, ack_id);
  }
  return result += '}';
}

caf::error read_remote_error(std::string_view payload) {
  auto text = from_json<error_text>(payload);
  if (!text)
    return internal_error("the server's error is none: "
                          + std::string{payload.substr(0, 200)});
  onion x;
  x.message = std::move(text->message);
  x.status = text->status.value_or(0);
  x.code = text->code.value_or(std::string{});
  x.retry_after = text->retryAfterMs.value_or(0);
  x.cause = text->trace.value_or(std::string{});
  if (text->fieldErrors)
    for (auto& [field, error] : *text->fieldErrors)
      x.fields.emplace_back(std::move(field), std::move(error));
  auto outside = x.code.empty() ? errc::application : errc_of(x.code);
  return pack(outside, std::move(x));
}

std::string answer_text(std::string_view request_id,
                        const caf::expected<std::string>& answer) {
  std::string result = R"({"requestId":)";
  append_json(result, request_id);
  if (answer)
    return result.append(R"(,"payload":)").append(*answer) += '}';
  auto& why = answer.error();
  error_text text;
  text.message = public_message(why);
  text.status = status_of(why);
  text.code = code_of(why);
  result += R"(,"error":)";
  append_json(result, text);
  return result += '}';
}

} // namespace flamigo::detail
