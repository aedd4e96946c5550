#include "flamigo/json/detail/tape.hpp"

#include <algorithm>
#include <memory>

#include "flamigo/json/detail/scan.hpp"

namespace flamigo::detail {

namespace {

// Keeps the slice of the outermost value.
struct outermost {
  void restart() noexcept {
    *this = {};
  }

  void name(std::string_view, bool) noexcept {
    // nop
  }

  void scalar(json_kind, std::string_view value, bool) noexcept {
    if (depth == 0)
      slice = value;
  }

  void open(json_kind, const char* pos) noexcept {
    if (depth++ == 0)
      begin = pos;
  }

  void close(const char* end, std::size_t) noexcept {
    if (--depth == 0)
      slice = {begin, static_cast<std::size_t>(end - begin)};
  }

  std::string_view slice;
  const char* begin = nullptr;
  unsigned depth = 0;
};

} // namespace

scan_failure json_tape::parse(std::string_view text) {
  return scan(text, *this);
}

void json_tape::grow() {
  auto capacity = capacity_ * 2;
  auto tokens = std::make_unique_for_overwrite<json_token[]>(capacity);
  std::copy_n(tokens_, size_, tokens.get());
  delete[] heap_;
  heap_ = tokens.release();
  tokens_ = heap_;
  capacity_ = capacity;
}

scan_failure check_json(std::string_view text, std::string_view& slice) {
  outermost out;
  auto result = scan(text, out);
  slice = out.slice;
  return result;
}

} // namespace flamigo::detail
