#pragma once

#include <string>
#include <string_view>

#include "flamigo/log/detail/log_json.hpp"
#include "flamigo/log/detail/log_origin.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

/// Says which connection a line is about. The id outlives it.
class connection_origin final : public log_origin {
public:
  explicit connection_origin(std::string_view id) noexcept : id_(id) {
  }

  void append_members(std::string& out) const override {
    append_member(out, "connection", id_);
  }

private:
  std::string_view id_;
};

/// Writes a line about a connection, `connection c1` and what follows, which
/// says so as JSON as well. In a step of a trace it is that step's.
void log_connection(log::level how, const std::string& id,
                    std::string_view what);

} // namespace flamigo::detail
