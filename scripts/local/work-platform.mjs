export async function workPlatform() {}
