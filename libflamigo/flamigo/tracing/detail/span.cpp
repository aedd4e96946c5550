#include "flamigo/tracing/detail/span.hpp"

#include <utility>

#include "flamigo/error/error.hpp"
#include "flamigo/json/detail/append_text.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/log/detail/log_json.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/tracing/detail/trace_random.hpp"
#include "flamigo/tracing/tracer.hpp"

namespace flamigo::detail {

namespace {

/// So that a line is never longer than one of the log.
constexpr std::size_t max_text = 128;
constexpr std::size_t max_attributes = 1600;

/// Of a long text the beginning. A character that is cut becomes U+FFFD.
void append_short(std::string& out, std::string_view text) {
  append_string(out, log::escape(text.substr(0, max_text)).substr(0, max_text));
}

void append_quoted(std::string& out, std::string_view key,
                   std::string_view text) {
  out.append(",\"").append(key).append("\":\"").append(text).append("\"");
}

template <class Time>
std::string nanoseconds_of(Time x) {
  return std::to_string(
    std::chrono::duration_cast<std::chrono::nanoseconds>(x).count());
}

trace_id new_trace() {
  trace_id result;
  while (!result)
    result = {trace_bits(), trace_bits()};
  return result;
}

span_id new_span() {
  span_id result;
  while (!result)
    result = {trace_bits()};
  return result;
}

span_ptr record(const tracer& by, const trace_context& above, span::kind what,
                std::string_view called) {
  trace_context own{above.trace, new_span(), true};
  return std::make_shared<span>(by, own, above.span, what, called);
}

/// At the top of a trace.
span_ptr begin_trace(const tracer& by, span::kind what,
                     std::string_view called) {
  auto trace = new_trace();
  if (by.samples(trace))
    return record(by, {trace, {}, true}, what, called);
  return std::make_shared<span>(trace_context{trace, new_span(), false});
}

} // namespace

struct span::outcome {
  /// 0 if nobody knows.
  int status = 0;
  bool failed = false;
  std::string_view message = {};
  std::string_view status_key = "flamigo.status";
};

// -- construction -------------------------------------------------------------

span::span(const trace_context& passed_on) noexcept
  : by_(nullptr), own_(passed_on), kind_(kind::internal) {
}

span::span(const tracer& by, const trace_context& own, span_id above, kind what,
           std::string_view called)
  : by_(&by), own_(own), above_(above), kind_(what),
    name_(called.substr(0, max_text)), begin_(std::chrono::system_clock::now()),
    since_(std::chrono::steady_clock::now()) {
}

span::~span() {
  finish({});
}

// -- what it is about ---------------------------------------------------------

void span::note(std::string_view key, std::string_view value) {
  if (!is_recorded() || attributes_.size() > max_attributes)
    return;
  attributes_.append(attributes_.empty() ? "" : ",").append("{\"key\":\"");
  attributes_.append(key).append("\",\"value\":{\"stringValue\":");
  append_short(attributes_, value);
  attributes_ += "}}";
}

void span::note(std::string_view key, std::int64_t value) {
  if (!is_recorded() || attributes_.size() > max_attributes)
    return;
  attributes_.append(attributes_.empty() ? "" : ",").append("{\"key\":\"");
  attributes_.append(key).append("\",\"value\":{\"intValue\":\"");
  attributes_.append(std::to_string(value)).append("\"}}");
}

void span::strategy(std::string_view called) {
  note("rpc.system", "flamigo");
  note("rpc.method", called);
}

void span::connection(std::string_view id) {
  connection_ = id;
  note("flamigo.connection", id);
}

void span::link(const trace_context& other) {
  if (is_recorded())
    link_ = other;
}

// -- its end ------------------------------------------------------------------

void span::end(const caf::error& why) noexcept {
  if (!is_recorded() || ended_.load(std::memory_order_relaxed))
    return;
  guarded_or_logged(
    [&] {
      if (!why)
        return finish({.status = 200});
      auto message = public_message(why);
      finish({.status = status_of(why), .failed = true, .message = message});
    },
    [] { return std::string{"a step of a trace"}; });
}

void span::end_http(unsigned status) noexcept {
  finish({.status = static_cast<int>(status),
          .failed = status >= 500,
          .status_key = "http.response.status_code"});
}

void span::finish(const outcome& how) noexcept {
  if (!is_recorded() || ended_.exchange(true))
    return;
  guarded_or_logged(
    [&] {
      if (how.status != 0)
        note(how.status_key, how.status);
      by_->write(line(how));
    },
    [] { return std::string{"a step of a trace"}; });
}

// As opentelemetry-proto's trace.proto in the JSON of OTLP: ids in hexadecimal
// digits, enumerations as numbers, numbers of 64 bits as texts
// (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
std::string span::line(const outcome& how) const {
  auto began = begin_.time_since_epoch();
  auto took = std::chrono::steady_clock::now() - since_;
  auto result = by_->head();
  result.append("{\"traceId\":\"").append(to_string(own_.trace)).append("\"");
  append_quoted(result, "spanId", to_string(own_.span));
  if (above_)
    append_quoted(result, "parentSpanId", to_string(above_));
  result += ",\"name\":";
  append_short(result, name_);
  result.append(",\"kind\":").append(std::to_string(static_cast<int>(kind_)));
  append_quoted(result, "startTimeUnixNano", nanoseconds_of(began));
  append_quoted(result, "endTimeUnixNano", nanoseconds_of(began + took));
  result.append(",\"attributes\":[").append(attributes_).append("]");
  if (link_) {
    result.append(",\"links\":[{\"traceId\":\"")
      .append(to_string(link_->trace));
    result += '"';
    append_quoted(result, "spanId", to_string(link_->span));
    result += "}]";
  }
  result += ",\"status\":{";
  if (how.failed) {
    result += "\"message\":";
    append_short(result, how.message);
    result += ",\"code\":2";
  }
  return result + "}}]}]}]}";
}

// -- log_origin ---------------------------------------------------------------

void span::append_ids(std::string& out) const {
  append_quoted(out, "trace_id", to_string(own_.trace));
  append_quoted(out, "span_id", to_string(own_.span));
}

void span::append_members(std::string& out) const {
  append_ids(out);
  if (!connection_.empty())
    append_member(out, "connection", connection_);
}

// -- beginning ----------------------------------------------------------------

span_ptr begin_request(const tracer* by, std::string_view traceparent,
                       std::string_view called) {
  auto above = trace_context::parse(traceparent);
  if (above && (by == nullptr || !above->sampled))
    return std::make_shared<span>(*above);
  if (by == nullptr)
    return nullptr;
  return above ? record(*by, *above, span::kind::server, called)
               : begin_trace(*by, span::kind::server, called);
}

span_ptr begin_within(const tracer* by, const span_ptr& above, span::kind what,
                      std::string_view called) {
  if (by == nullptr || (above && !above->is_recorded()))
    return above;
  if (!above)
    return begin_trace(*by, what, called);
  auto result = record(*by, above->context(), what, called);
  result->asked_by(*above);
  return result;
}

span_ptr begin_strategy(const tracer* by, const span_ptr& above,
                        std::string_view called) {
  auto result = begin_within(by, above, span::kind::internal, called);
  if (result && result != above)
    result->strategy(called);
  return result;
}

} // namespace flamigo::detail
