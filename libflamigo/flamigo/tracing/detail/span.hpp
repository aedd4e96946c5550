#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <caf/error.hpp>

#include "flamigo/log/detail/log_origin.hpp"
#include "flamigo/tracing/trace_context.hpp"

namespace flamigo {

class tracer;

} // namespace flamigo

namespace flamigo::detail {

/// One step of a trace, from its beginning to its end; or, where nothing is
/// recorded, what is passed on of the trace.
///
/// Told what it is about by who has begun it, before others know it. From then
/// on it may be ended on any thread; whoever does so first says how it ended.
class span final : public log_origin {
public:
  /// As OpenTelemetry numbers them (`SpanKind` of trace.proto).
  enum class kind {
    internal = 1,
    server = 2,
    consumer = 5
  };

  /// One that is not recorded.
  explicit span(const trace_context& passed_on) noexcept;

  /// One that begins now, below another one or, without an id, at the top.
  span(const tracer& by, const trace_context& own, span_id above, kind what,
       std::string_view called);

  span(const span&) = delete;

  span& operator=(const span&) = delete;

  /// Ends it, if nobody has: nobody waited for how it would end.
  ~span();

  const trace_context& context() const noexcept {
    return own_;
  }

  bool is_recorded() const noexcept {
    return by_ != nullptr;
  }

  // -- what it is about; for who has begun it ---------------------------------

  /// Adds an attribute. Neither what clients say nor what is known of them.
  void note(std::string_view key, std::string_view value);

  void note(std::string_view key, std::int64_t value);

  /// It is a call of the strategy of this name.
  void strategy(std::string_view called);

  /// The connection on which it was asked for.
  void connection(std::string_view id);

  /// Lines of the log about it are about the connection of the other one.
  void asked_by(const span& other) {
    connection_ = other.connection_;
  }

  /// Another trace that it belongs to.
  void link(const trace_context& other);

  // -- its end ----------------------------------------------------------------

  /// It has succeeded, or failed. Writes it.
  void end(const caf::error& why) noexcept;

  /// The same of what answers as HTTP does: 5xx is a failure of this program.
  void end_http(unsigned status) noexcept;

  // -- log_origin -------------------------------------------------------------

  void append_members(std::string& out) const override;

  /// Those of the trace alone.
  void append_ids(std::string& out) const;

private:
  struct outcome;

  void finish(const outcome& how) noexcept;

  std::string line(const outcome& how) const;

  const tracer* by_;
  const trace_context own_;
  const span_id above_;
  const kind kind_;
  std::string name_;
  std::string connection_;
  /// JSON objects with commas between them.
  std::string attributes_;
  std::optional<trace_context> link_;
  std::chrono::system_clock::time_point begin_;
  std::chrono::steady_clock::time_point since_;
  std::atomic<bool> ended_ = false;
};

/// Null where nothing is known of a trace.
using span_ptr = std::shared_ptr<span>;

/// That of a request which comes in. `traceparent` is what it says of its
/// trace: if that is no good it begins one. Null if no trace is to be passed
/// on.
span_ptr begin_request(const tracer* by, std::string_view traceparent,
                       std::string_view called);

/// That of what is begun below another one, or by the program itself if that is
/// null. Null as that.
span_ptr begin_within(const tracer* by, const span_ptr& above, span::kind what,
                      std::string_view called);

/// That of a strategy which is called from there, as of `begin_within`.
span_ptr begin_strategy(const tracer* by, const span_ptr& above,
                        std::string_view called);

} // namespace flamigo::detail
