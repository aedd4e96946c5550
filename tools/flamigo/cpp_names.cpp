#include "cpp_names.hpp"

#include <algorithm>
#include <cctype>
#include <utility>
#include <vector>

#include "identifier.hpp"

namespace flamigo::tool {

namespace {

bool in_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

/// Cuts a text into words, `::` and single characters. Comments, literals and
/// lines of the preprocessor are left out.
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

class reader {
public:
  explicit reader(std::vector<std::string_view> words)
    : words_(std::move(words)) {
  }

  cpp_names read() {
    for (; i_ < words_.size(); ++i_) {
      auto word = words_[i_];
      if (word == "namespace")
        enter();
      else if (word == "{" || word == "(")
        ++blocks_;
      else if (word == "}" || word == ")")
        leave();
      else if (in_word(word[0]) && !is_keyword(word))
        name(word);
    }
    return std::move(result_);
  }

private:
  std::string_view at(std::size_t i) const {
    return i < words_.size() ? words_[i] : std::string_view{};
  }

  /// At `namespace`. Of `using namespace` the next words say the rest.
  void enter() {
    if (at(i_ - 1) == "using" || blocks_ > 0)
      return;
    auto before = scopes_.empty() ? std::string{} : scopes_.back();
    auto inside = before;
    for (; i_ + 1 < words_.size() && at(i_ + 1) != "{"; ++i_) {
      // An alias.
      if (at(i_ + 1) == ";" || at(i_ + 1) == "=")
        return;
      if (in_word(at(i_ + 1)[0])) {
        inside += std::string{inside.empty() ? "" : "::"}
                  + std::string{at(i_ + 1)};
        result_.namespaces.insert(inside);
      }
    }
    ++i_;
    scopes_.push_back(inside);
  }

  void leave() {
    if (blocks_ > 0)
      --blocks_;
    else if (!scopes_.empty())
      scopes_.pop_back();
  }

  void name(std::string_view word) {
    auto before = at(i_ - 1);
    if (before == "::" || std::isdigit(static_cast<unsigned char>(word[0])))
      return;
    if (at(i_ + 1) == "::")
      result_.qualifiers.emplace(word);
    else if (blocks_ > 0)
      result_.inner.emplace(word);
    // BOOST_DESCRIBE_STRUCT(...) names nothing.
    else if (!scopes_.empty() && !scopes_.back().empty()
             && !is_in_capitals(word))
      result_.things.insert(scopes_.back() + "::" + std::string{word});
  }

  std::vector<std::string_view> words_;
  std::size_t i_ = 0;
  /// The namespaces that are open, each with those around it.
  std::vector<std::string> scopes_{};
  /// Braces and parentheses that are open, but for those of namespaces.
  std::size_t blocks_ = 0;
  cpp_names result_{};
};

} // namespace

cpp_names names_of(std::string_view text) {
  return reader{cutter{text}.cut()}.read();
}

} // namespace flamigo::tool
