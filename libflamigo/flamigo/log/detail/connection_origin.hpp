#pragma once

#include <string>
#include <string_view>

#include "flamigo/log/detail/log_json.hpp"
#include "flamigo/log/detail/log_origin.hpp"

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

} // namespace flamigo::detail
