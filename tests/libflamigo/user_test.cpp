#include "flamigo/user.hpp"

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
