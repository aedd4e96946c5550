#include "flamigo/claims/user.hpp"

#include <stdexcept>
#include <string>

#include <catch2/catch_test_macros.hpp>

using namespace flamigo;

TEST_CASE("a permission is had exactly or not at all") {
  user who;
  CHECK_FALSE(has_permission(who, "chat:post"));
  CHECK_FALSE(has_permission(who, ""));
  who.permissions = {"chat:read", "chat:post"};
  CHECK(has_permission(who, "chat:post"));
  CHECK_FALSE(has_permission(who, "chat:pos"));
  CHECK_FALSE(has_permission(who, "chat:post2"));
  CHECK_FALSE(has_permission(who, "Chat:Post"));
  CHECK_FALSE(has_permission(who, ""));
}

TEST_CASE("every id that a user may have makes a topic") {
  for (auto c : {'a', '/', '*', '%'})
    CHECK_FALSE(user_topic(std::string(max_user_id, c)).empty());
  CHECK_FALSE(user_topic("").empty());
  CHECK_THROWS_AS(user_topic(std::string(max_user_id + 1, 'a')),
                  std::invalid_argument);
}
