#include "flamigo/wire/envelope.hpp"

#include <optional>
#include <utility>

#include <boost/describe/class.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/json/detail/append_text.hpp"
#include "flamigo/json/detail/scan.hpp"
#include "flamigo/json/detail/text_run.hpp"
#include "flamigo/json/detail/unescape.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/wire/detail/frame_reader.hpp"
#include "flamigo/wire/detail/own_format.hpp"

namespace flamigo {

namespace {

using detail::frame_reader;
using detail::json_kind;

caf::error malformed(std::string message) {
  return make_error(errc::malformed, std::move(message));
}

caf::error stands_twice(const std::string& name) {
  // The client chose the name.
  constexpr std::size_t limit = 64;
  auto size = detail::utf8_cut(name.data(), name.size(), limit);
  auto shown = name.substr(0, size);
  if (size < name.size())
    shown += "...";
  return malformed("the member \"" + shown + "\" stands twice: send it once");
}

// Returns the inside of a string that is given with its quotes. If it has
// escapes it is unescaped into `scratch`.
std::string_view text_of(const frame_reader::member& x, std::string& scratch) {
  auto text = x.slice.substr(1, x.slice.size() - 2);
  if (!x.escaped) [[likely]]
    return text;
  scratch.clear();
  detail::append_unescaped(scratch, text);
  return scratch;
}

bool is_ack_id(const frame_reader::member& x, std::string& scratch) {
  if (x.kind == json_kind::number)
    return x.slice.size() <= envelope_decoder::max_ack_id
           && x.slice.find_first_of(".eE") == std::string_view::npos;
  if (x.kind != json_kind::string)
    return false;
  auto size = text_of(x, scratch).size();
  return size > 0 && size <= envelope_decoder::max_ack_id;
}

// Whether a member has been read to its end: `01` is not a 0.
bool is_complete(std::string_view frame, std::string_view slice) {
  auto end = static_cast<std::size_t>(slice.data() - frame.data())
             + slice.size();
  auto next = frame.find_first_not_of(" \t\r\n", end);
  return next != std::string_view::npos
         && (frame[next] == ',' || frame[next] == '}');
}

} // namespace

caf::error envelope_decoder::decode(std::string_view frame,
                                    client_request& out) {
  return flamigo_format().decode(frame, space_, out);
}

// Here, not in a function that it calls: each frame comes by it.
caf::error detail::own_format::decode(std::string_view frame,
                                      decoding_space& space,
                                      client_request& out) const {
  constexpr auto max_topic = envelope_decoder::max_topic;
  auto& scratch = space.scratch;
  out = {{}, "null", {}, nullptr, false};
  space.tape.restart();
  frame_reader in{space.tape};
  auto failure = detail::scan(frame, in);
  auto& ack_id = in.ack_id();
  auto valid_ack_id = ack_id.found && flamigo::is_ack_id(ack_id, scratch);
  // Of two, which would be the one to answer?
  if (valid_ack_id && !ack_id.twice)
    out.ack_id = ack_id.slice;
  if (failure) {
    if (!out.ack_id.empty() && !is_complete(frame, ack_id.slice))
      out.ack_id = {};
    return to_error(failure, "the message");
  }
  if (!in.is_object())
    return malformed("the message must be a JSON object with a topic");
  if (std::string name; in.find_twice(name))
    return stands_twice(name);
  auto& topic = in.topic();
  if (!topic.found) {
    if (!in.has_other("requestId"))
      return malformed("topic is required: name the strategy to run");
    if (in.payload().found && in.has_other("error"))
      return malformed("an answer has a payload or an error, not both");
    out.is_answer = true;
    return {};
  }
  if (topic.kind != json_kind::string)
    return malformed("topic must be a string");
  auto name = flamigo::text_of(topic, scratch);
  if (name.empty() || name.size() > max_topic)
    return malformed("topic must have 1 to 256 bytes");
  if (ack_id.found && !valid_ack_id)
    return malformed("ackId must be a string of 1 to 128 bytes or an integer");
  out.topic = name;
  if (in.has_others()) [[unlikely]]
    out.traceparent = in.text_of_other("traceparent");
  if (in.payload().found) {
    out.payload = in.payload().slice;
    out.payload_tokens = in.payload_tokens();
  }
  return {};
}

// -- answers ------------------------------------------------------------------

namespace {

/// What an answer says; see docs/protocol.md.
struct answer_outcome {
  std::optional<raw_json> payload;
  std::optional<raw_json> error;
};

BOOST_DESCRIBE_STRUCT(answer_outcome, (), (payload, error))

/// What an answer is made of.
struct answer_frame : answer_outcome {
  raw_json requestId;
};

BOOST_DESCRIBE_STRUCT(answer_frame, (answer_outcome), (requestId))

struct answer_error {
  std::optional<std::string> message;
  std::optional<int> status;
  std::optional<std::string> code;
};

BOOST_DESCRIBE_STRUCT(answer_error, (), (message, status, code))

caf::error take_outcome(answer_outcome in, client_answer& out) {
  if (in.payload)
    out.payload = std::move(in.payload->text);
  if (!in.error)
    return {};
  answer_error why;
  if (from_json(in.error->text, why))
    return malformed("the error of an answer must be an object with a message, "
                     "a status and a code");
  // What is no failure in HTTP (RFC 9110, 15) is none of ours either.
  auto status = why.status.value_or(400);
  if (status < 400 || status > 599)
    return malformed("the status of an error is from 400 to 599");
  out.failure = public_error(why.message.value_or("the client has refused"),
                             status, why.code.value_or("refused"));
  return {};
}

} // namespace

caf::error read_answer(std::string_view frame, client_answer& out) {
  out = {{}, {"null"}, {}};
  answer_frame in;
  if (auto err = from_json(frame, in))
    return malformed("this is no answer");
  if (from_json(in.requestId.text, out.request_id))
    return malformed("requestId must be a string");
  return take_outcome(std::move(in), out);
}

caf::error read_outcome(std::string_view json, client_answer& out) {
  answer_outcome in;
  if (auto err = from_json(json, in))
    return malformed("this is no answer");
  if (in.payload && in.error)
    return malformed("an answer has a payload or an error, not both");
  return take_outcome(std::move(in), out);
}

// -- writing ------------------------------------------------------------------

void begin_response(std::string& out, std::string_view topic) {
  out.append("{\"topic\":");
  detail::append_string(out, topic);
  out.append(",\"payload\":");
}

void end_response(std::string& out, std::string_view ack_id) {
  if (!ack_id.empty())
    out.append(",\"ackId\":").append(ack_id);
  out.push_back('}');
}

void append_response(std::string& out, std::string_view topic,
                     std::string_view payload_json, std::string_view ack_id) {
  begin_response(out, topic);
  out.append(payload_json);
  end_response(out, ack_id);
}

void append_part(std::string& out, std::string_view topic,
                 std::string_view payload_json, std::string_view ack_id) {
  begin_response(out, topic);
  out.append(payload_json);
  out.append(",\"ackId\":").append(ack_id).append(",\"more\":true}");
}

void append_event(std::string& out, std::string_view topic,
                  std::string_view payload_json) {
  append_response(out, topic, payload_json, {});
}

void append_offset(std::string& out, std::string_view topic,
                   std::uint64_t offset, bool first) {
  out.append(first ? ",\"offsets\":{" : ",");
  detail::append_string(out, topic);
  out.push_back(':');
  append_json(out, offset);
}

void append_question(std::string& out, std::string_view topic,
                     std::string_view payload_json,
                     std::string_view request_id) {
  begin_response(out, topic);
  out.append(payload_json).append(",\"requestId\":\"");
  out.append(request_id).append("\"}");
}

void append_error(std::string& out, const caf::error& err,
                  std::string_view ack_id, bool expose_trace) {
  begin_response(out, "error");
  append_error_payload(out, err, expose_trace);
  end_response(out, ack_id);
}

void append_error_payload(std::string& out, const caf::error& err,
                          bool expose_trace) {
  out.append("{\"message\":");
  append_json(out, public_message(err));
  out.append(",\"status\":");
  append_json(out, status_of(err));
  out.append(",\"code\":");
  append_json(out, code_of(err));
  auto separator = ",\"fieldErrors\":[";
  for (auto& [field, error] : field_errors_of(err)) {
    out.append(separator).append("{\"field\":");
    append_json(out, field);
    out.append(",\"error\":");
    append_json(out, error);
    out.push_back('}');
    separator = ",";
  }
  if (*separator == ',' && separator[1] == '\0')
    out.push_back(']');
  if (auto time = retry_after_of(err); time.count() > 0) {
    out.append(",\"retryAfterMs\":");
    append_json(out, time / std::chrono::milliseconds{1});
  }
  if (expose_trace) {
    out.append(",\"trace\":");
    append_json(out, trace_of(err));
  }
  out.push_back('}');
}

} // namespace flamigo
