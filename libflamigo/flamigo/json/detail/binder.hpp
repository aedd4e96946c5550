#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <caf/error.hpp>

#include "flamigo/field_error.hpp"

namespace flamigo::detail {

/// Collects what does not fit while a value is bound, each with the path to it.
/// The path lies on the call stack and is only rendered for an error.
class json_binder {
  struct segment {
    const segment* up;
    std::string_view name;
    std::size_t index;
  };

public:
  /// More is of no use to anyone, and what a client makes us send is bounded.
  static constexpr std::size_t max_errors = 64;

  /// Everything is reported relative to a member or an element while this
  /// lives. The name must live as long.
  class scope {
  public:
    scope(json_binder& in, std::string_view name) noexcept
      : scope(in, name, no_index) {
      // nop
    }

    scope(json_binder& in, std::size_t index) noexcept : scope(in, {}, index) {
      // nop
    }

    ~scope() {
      in_.at_ = here_.up;
    }

    scope(const scope&) = delete;

    scope& operator=(const scope&) = delete;

  private:
    scope(json_binder& in, std::string_view name, std::size_t index) noexcept
      : in_(in), here_{in.at_, name, index} {
      in.at_ = &here_;
    }

    json_binder& in_;
    segment here_;
  };

  /// Reports an error at the current place.
  void fail(std::string error);

  /// Reports the errors that a `validate` found at the current place.
  void fail(std::vector<field_error> errors);

  /// Number of errors so far.
  std::size_t failures() const noexcept {
    return errors_.size();
  }

  /// Whether further errors are dropped, so that binding may end.
  bool full() const noexcept {
    return errors_.size() >= max_errors;
  }

  /// What `from_json` returns.
  caf::error result();

private:
  static constexpr auto no_index = static_cast<std::size_t>(-1);

  static void render(std::string& out, const segment* at);

  const segment* at_ = nullptr;
  std::vector<field_error> errors_;
};

} // namespace flamigo::detail
