#include "flamigo/metrics/detail/metric_text.hpp"

#include <charconv>
#include <cmath>

namespace flamigo::detail {

void metric_text::family(std::string_view name, std::string_view type,
                         std::string_view help) {
  text_.append("# HELP ").append(name) += ' ';
  escape(help, false);
  text_.append("\n# TYPE ").append(name) += ' ';
  text_.append(type) += '\n';
}

// -- parts of a histogram -----------------------------------------------------

void metric_text::bucket(std::string_view name, std::string_view label,
                         std::string_view of, double bound,
                         std::uint64_t count) {
  begin(name, "_bucket");
  put_label(label, of);
  text_ += ",le=\"";
  put(bound);
  text_ += '"';
  end(count);
}

void metric_text::last_bucket(std::string_view name, std::string_view label,
                              std::string_view of, std::uint64_t count) {
  begin(name, "_bucket");
  put_label(label, of);
  put_label("le", "+Inf");
  end(count);
}

void metric_text::sum(std::string_view name, std::string_view label,
                      std::string_view of, double value) {
  begin(name, "_sum");
  put_label(label, of);
  end(value);
}

void metric_text::count(std::string_view name, std::string_view label,
                        std::string_view of, std::uint64_t value) {
  begin(name, "_count");
  put_label(label, of);
  end(value);
}

// -- pieces -------------------------------------------------------------------

void metric_text::begin(std::string_view name, std::string_view suffix) {
  text_.append(name).append(suffix);
  has_labels_ = false;
}

void metric_text::put_label(std::string_view name, std::string_view value) {
  text_ += has_labels_ ? ',' : '{';
  has_labels_ = true;
  text_.append(name).append("=\"");
  escape(value, true);
  text_ += '"';
}

void metric_text::close() {
  text_ += has_labels_ ? "} " : " ";
}

void metric_text::put(std::uint64_t value) {
  char digits[20];
  text_.append(digits,
               std::to_chars(digits, digits + sizeof(digits), value).ptr);
}

void metric_text::put(double value) {
  if (std::isnan(value)) {
    text_ += "NaN";
  } else if (std::isinf(value)) {
    text_ += value > 0 ? "+Inf" : "-Inf";
  } else {
    // The shortest that is read back as the same.
    char digits[32];
    text_.append(digits,
                 std::to_chars(digits, digits + sizeof(digits), value).ptr);
  }
}

void metric_text::escape(std::string_view text, bool quoted) {
  for (auto c : text) {
    if (c == '\n') {
      text_ += "\\n";
      continue;
    }
    if (c == '\\' || (c == '"' && quoted))
      text_ += '\\';
    text_ += c;
  }
}

} // namespace flamigo::detail
