"""What a product answers otherwise than its document says is counted for the team, bounded and for a while."""

from redis.asyncio import Redis

from tools.drift import MOST, Difference, differences, forget, note


async def test_the_most_frequent_difference_comes_first(redis: Redis) -> None:
    await note(redis, "t", "s", "getUser", ["/age: must be integer", "/age: must be integer"])
    await note(redis, "t", "s", "getUser", ["/age: must be integer", "/name: is required"])
    assert await differences(redis, "t", "s") == [Difference("getUser", "/age: must be integer", 2), Difference("getUser", "/name: is required", 1)]
    assert await differences(redis, "other", "s") == []


async def test_differences_are_bounded_and_end(redis: Redis) -> None:
    for number in range(0, MOST, 50):
        await note(redis, "t", "s", "list", [f"/{at}: is required" for at in range(number, number + 50)])
    await note(redis, "t", "s", "list", ["/one/more: is required", "/0: is required"])
    found = await differences(redis, "t", "s")
    assert len(found) == MOST
    assert found[0] == Difference("list", "/0: is required", 2)
    assert all([await redis.ttl(name) > 0 for name in await redis.keys("*drift*")])
    await forget(redis, "t", "s")
    assert await differences(redis, "t", "s") == []
