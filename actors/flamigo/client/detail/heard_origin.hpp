#pragma once

#include <string>
#include <string_view>

#include "flamigo/log/detail/log_json.hpp"
#include "flamigo/log/detail/log_origin.hpp"
#include "flamigo/tracing/detail/span.hpp"

namespace flamigo::detail {

/// Lines about what a connection does with an event: in the trace of who has
/// published it, and about this connection. Both outlive it.
class heard_origin final : public log_origin {
public:
  heard_origin(const span& step, std::string_view connection) noexcept
    : step_(step), connection_(connection) {
  }

  void append_members(std::string& out) const override {
    step_.append_ids(out);
    append_member(out, "connection", connection_);
  }

private:
  const span& step_;
  std::string_view connection_;
};

} // namespace flamigo::detail
