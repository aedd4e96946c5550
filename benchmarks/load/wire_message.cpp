#include "wire_message.hpp"

#include <cstddef>

namespace flamigo::load {

namespace {

class scanner {
public:
  explicit scanner(std::string_view text) : text_(text) {
  }

  bool done() const {
    return at_ == text_.size();
  }

  bool take(char c) {
    skip_space();
    if (done() || text_[at_] != c)
      return false;
    ++at_;
    skip_space();
    return true;
  }

  // A string without its quotes.
  std::optional<std::string_view> string() {
    if (done() || text_[at_] != '"')
      return std::nullopt;
    auto begin = ++at_;
    while (true) {
      at_ = text_.find('"', at_);
      if (at_ == std::string_view::npos) {
        at_ = text_.size();
        return std::nullopt;
      }
      if (!escaped(begin, at_))
        return text_.substr(begin, at_++ - begin);
      ++at_;
    }
  }

  // Any value, as it is.
  std::optional<std::string_view> value() {
    auto begin = at_;
    std::size_t depth = 0;
    while (!done()) {
      switch (text_[at_]) {
        case '"':
          if (!string())
            return std::nullopt;
          break;
        case '{':
        case '[':
          ++depth;
          ++at_;
          break;
        case '}':
        case ']':
          if (depth == 0)
            return slice(begin);
          --depth;
          ++at_;
          break;
        case ',':
          if (depth == 0)
            return slice(begin);
          ++at_;
          break;
        default:
          ++at_;
      }
    }
    return std::nullopt;
  }

private:
  static bool is_space(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  void skip_space() {
    while (!done() && is_space(text_[at_]))
      ++at_;
  }

  // What ends here, without the space behind it.
  std::string_view slice(std::size_t begin) const {
    auto end = at_;
    while (end > begin && is_space(text_[end - 1]))
      --end;
    return text_.substr(begin, end - begin);
  }

  // Whether an odd number of backslashes stands before the quote.
  bool escaped(std::size_t begin, std::size_t quote) const {
    auto first = quote;
    while (first > begin && text_[first - 1] == '\\')
      --first;
    return (quote - first) % 2 == 1;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

std::string_view unquoted(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"')
    return text.substr(1, text.size() - 2);
  return text;
}

} // namespace

std::optional<wire_message> read_wire_message(std::string_view text) {
  wire_message result;
  scanner in{text};
  if (!in.take('{'))
    return std::nullopt;
  do {
    auto name = in.string();
    if (!name || !in.take(':'))
      return std::nullopt;
    auto value = in.value();
    if (!value)
      return std::nullopt;
    if (*name == "topic")
      result.topic = unquoted(*value);
    else if (*name == "payload")
      result.payload = *value;
    else if (*name == "ackId")
      result.ack_id = unquoted(*value);
  } while (in.take(','));
  if (!in.take('}') || !in.done())
    return std::nullopt;
  return result;
}

} // namespace flamigo::load
