#include "flamigo/tracing/tracer.hpp"

#include <cerrno>
#include <cstdint>
#include <utility>

#include "flamigo/json/detail/append_text.hpp"
#include "flamigo/log/detail/span_line.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo {

namespace {

// The lowest 56 bits of an id are random, whoever has made it (Trace Context
// level 2, 3.2.2.3.1).
constexpr auto numbers = std::uint64_t{1} << 56;

std::string head_of(const std::string& service) {
  // As long as names of spans may be.
  constexpr std::size_t most = 128;
  auto name = service.empty() ? std::string{program_invocation_short_name}
                              : service;
  std::string result{R"({"resourceSpans":[{"resource":{"attributes":[{)"
                     R"("key":"service.name","value":{"stringValue":)"};
  detail::append_string(result, log::escape(name).substr(0, most));
  return result + R"(}}]},"scopeSpans":[{"scope":{"name":"flamigo"},"spans":[)";
}

} // namespace

tracer::tracer(const tracing_options& options)
  : tracer(options, detail::write_span_line) {
}

tracer::tracer(const tracing_options& options, sink to)
  : bound_(
    static_cast<std::uint64_t>(options.sample * static_cast<double>(numbers))),
    head_(head_of(options.service)), to_(std::move(to)) {
}

bool tracer::samples(const trace_id& x) const noexcept {
  return x.low % numbers < bound_;
}

} // namespace flamigo
