#include "cpp_words.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace flamigo::tool {

namespace {

class cutter {
public:
  explicit cutter(std::string_view text) : rest_(text) {
  }

  std::vector<std::string_view> cut() {
    while (!rest_.empty())
      step();
    return std::move(result_);
  }

private:
  void step() {
    if (rest_[0] == '\n')
      line_begins_ = true;
    if (std::isspace(static_cast<unsigned char>(rest_[0])))
      return take(1);
    if (rest_.starts_with("//") || (rest_[0] == '#' && line_begins_))
      return skip_line();
    if (rest_.starts_with("/*"))
      return skip_past("*/", 2);
    line_begins_ = false;
    if (rest_.starts_with("R\""))
      return skip_past(
        ")" + std::string{rest_.substr(2, rest_.find('(') - 2)} + "\"", 2);
    if (rest_[0] == '"' || rest_[0] == '\'')
      return skip_literal();
    if (in_word(rest_[0]))
      return keep_word();
    keep(rest_.starts_with("::") ? 2 : 1);
  }

  void keep_word() {
    auto number = std::isdigit(static_cast<unsigned char>(rest_[0])) != 0;
    std::size_t n = 1;
    // 1'000 is one number.
    while (n < rest_.size()
           && (in_word(rest_[n]) || (number && rest_[n] == '\'')))
      ++n;
    keep(n);
  }

  void skip_line() {
    std::size_t end = 0;
    do
      end = std::min(rest_.find('\n', end), rest_.size() - 1) + 1;
    while (end < rest_.size() && rest_[end - 2] == '\\');
    line_begins_ = true;
    take(end);
  }

  void skip_literal() {
    std::size_t n = 1;
    while (n < rest_.size() && rest_[n] != rest_[0])
      n += rest_[n] == '\\' ? std::size_t{2} : std::size_t{1};
    take(n + 1);
  }

  void skip_past(const std::string& end, std::size_t from) {
    auto found = rest_.find(end, from);
    take(found == rest_.npos ? found : found + end.size());
  }

  void keep(std::size_t n) {
    result_.push_back(rest_.substr(0, n));
    take(n);
  }

  void take(std::size_t n) {
    rest_.remove_prefix(std::min(n, rest_.size()));
  }

  std::string_view rest_;
  bool line_begins_ = true;
  std::vector<std::string_view> result_;
};

} // namespace

std::vector<std::string_view> cpp_words(std::string_view text) {
  return cutter{text}.cut();
}

} // namespace flamigo::tool
