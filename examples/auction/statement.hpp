#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include <sqlite3.h>

namespace auction {

/// One statement of SQL, from its preparation to its end. Throws
/// std::runtime_error with what SQLite says.
class statement {
public:
  statement(sqlite3* db, const char* sql) : db_(db) {
    check(sqlite3_prepare_v2(db, sql, -1, &raw_, nullptr));
  }

  statement(const statement&) = delete;

  statement& operator=(const statement&) = delete;

  ~statement() {
    sqlite3_finalize(raw_);
  }

  statement& bind(int place, std::int64_t value) {
    return check(sqlite3_bind_int64(raw_, place, value));
  }

  /// The text has to be there until the statement has run.
  statement& bind(int place, const std::string& text) {
    return check(sqlite3_bind_text(raw_, place, text.data(),
                                   static_cast<int>(text.size()), nullptr));
  }

  /// False behind the last row.
  bool step() {
    auto result = sqlite3_step(raw_);
    if (result != SQLITE_ROW && result != SQLITE_DONE)
      fail();
    return result == SQLITE_ROW;
  }

  std::int64_t number(int column) {
    return sqlite3_column_int64(raw_, column);
  }

  std::string text(int column) {
    auto bytes = static_cast<const char*>(sqlite3_column_blob(raw_, column));
    auto size = sqlite3_column_bytes(raw_, column);
    return std::string(bytes, static_cast<std::size_t>(size));
  }

private:
  statement& check(int result) {
    if (result != SQLITE_OK)
      fail();
    return *this;
  }

  [[noreturn]] void fail() {
    throw std::runtime_error{std::string{"sqlite: "} + sqlite3_errmsg(db_)};
  }

  sqlite3* db_;
  sqlite3_stmt* raw_ = nullptr;
};

} // namespace auction
