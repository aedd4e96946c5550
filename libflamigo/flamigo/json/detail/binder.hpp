#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <caf/error.hpp>

#include "flamigo/error/field_error.hpp"
#include "flamigo/json/detail/token.hpp"

namespace flamigo::detail {

/// Collects what does not fit while a value is bound, each with the path to it.
/// The path is only rendered for an error. Large: keep it on the stack.
class json_binder {
public:
  /// More is of no use to anyone, and what a client makes us send is bounded.
  static constexpr std::size_t max_errors = 64;

  // Not defaulted: `json_binder{}` would clear the path.
  json_binder() noexcept {
    // nop
  }

  ~json_binder();

  json_binder(const json_binder&) = delete;

  json_binder& operator=(const json_binder&) = delete;

  /// Everything is reported relative to a member or an element while this
  /// lives. The name must live as long.
  class scope {
  public:
    scope(json_binder& in, std::string_view name) noexcept : in_(in) {
      in.path_[in.depth_++] = {name.data(), name.size()};
    }

    scope(json_binder& in, std::size_t index) noexcept : in_(in) {
      in.path_[in.depth_++] = {nullptr, index};
    }

    ~scope() {
      --in_.depth_;
    }

    scope(const scope&) = delete;

    scope& operator=(const scope&) = delete;

  private:
    json_binder& in_;
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
  /// A name and its size, or null and an index. Of plain parts, so that an
  /// array of them is not cleared.
  struct segment {
    const char* name;
    std::size_t size;
  };

  std::string path() const;

  std::vector<field_error> errors_;
  std::size_t depth_ = 0;
  /// Each level of the text adds one segment.
  std::array<segment, max_json_depth> path_;
};

} // namespace flamigo::detail
